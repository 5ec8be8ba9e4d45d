package io.machineroom.ports.sim;

import io.machineroom.ports.contract.UpstreamContract;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.gateway.Upstream;
import io.machineroom.ports.runtime.Tasks;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import javax.net.ssl.SSLContext;

final class SimUpstreamTest extends UpstreamContract {
    private final SimTasks tasks = new SimTasks(3);
    private final SimFiles files = SimFiles.fresh(tasks);
    private final SimGateway gateway = new SimGateway(files.disk());
    private final SimUpstream upstream = new SimUpstream(gateway, serve().url(), files.disk(), tasks);

    private Gateway.Running serve() {
        try {
            return gateway.serve(new Gateway.Settings("saas", 0, SSLContext.getDefault(), 1 << 20, 10), this::handle);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected Upstream upstream() {
        return upstream;
    }

    @Override
    protected void cut() {
        upstream.cut(true);
    }

    @Override
    protected void breakOffOnce(int after) {
        upstream.breakOffOnce(after);
    }

    @Override
    protected Path served(String name, byte[] content) {
        Path path = files.path("served-" + name);
        files.disk().put(path, content);
        return path;
    }

    @Override
    protected Path target() {
        return files.path("download");
    }

    @Override
    protected Optional<byte[]> content(Path file) {
        return files.disk().content(file);
    }

    @Override
    protected void within(Tasks.Body body) {
        tasks.run(body);
    }
}
