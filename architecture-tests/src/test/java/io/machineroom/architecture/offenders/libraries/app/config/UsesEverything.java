package io.machineroom.architecture.offenders.libraries.app.config;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import dagger.Lazy;
import io.cloudevents.CloudEvent;
import io.nats.client.Connection;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.inject.Provider;
import java.net.http.HttpClient;
import net.openhft.chronicle.queue.ChronicleQueue;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.bouncycastle.crypto.Signer;
import org.snakeyaml.engine.v2.api.Load;
import oshi.nativefree.SystemInfo;
import picocli.CommandLine;
import tools.jackson.core.JsonParser;

@SuppressWarnings("rawtypes")
record UsesEverything(
        Connection connection,
        ChronicleQueue chronicleQueue,
        HttpClient httpClient,
        HttpServer httpServer,
        Signer signer,
        CloudEvent cloudEvent,
        ByteString byteString,
        JsonParser jsonParser,
        Load load,
        SystemInfo systemInfo,
        ArchiveEntry archiveEntry,
        PrometheusRegistry prometheusRegistry,
        CommandLine commandLine,
        Lazy lazy,
        Provider provider) {}
