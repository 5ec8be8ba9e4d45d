package io.machineroom.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.machineroom.ports.PortException;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.runtime.Entropy;
import java.io.IOException;
import java.time.Duration;

/** One exchange: read within the limits, ask the handler, write what it says. */
final class GatewayHandler implements HttpHandler {
    private static final System.Logger LOG = System.getLogger(GatewayHandler.class.getName());

    private final Gateway.Handler handler;
    private final RequestReader reader;
    private final ResponseWriter writer;
    private final Problems problems;
    private final ExchangeRunner runner;
    private final MemoryBudget memory;
    private final Entropy entropy;

    private GatewayHandler(Parts parts) {
        handler = parts.handler();
        reader = parts.reader();
        problems = parts.problems();
        writer = new ResponseWriter(problems);
        runner = parts.runner();
        memory = parts.memory();
        entropy = parts.entropy();
    }

    static GatewayHandler of(Parts parts) {
        return new GatewayHandler(parts);
    }

    /** Reading and writing fail when the other side goes away or is cut off: nobody is left to be told. */
    @Override
    public void handle(HttpExchange exchange) throws IOException {
        ExchangeClock clock = runner.current();
        try (exchange) {
            Gateway.Response response;
            try (MemoryBudget.Share share = memory.share()) {
                response = answer(exchange, clock, share);
            }
            clock.enter(ExchangeClock.Phase.WRITING);
            writer.write(exchange, response, clock);
            exchange.getResponseBody().close();
        }
    }

    private Gateway.Response answer(HttpExchange exchange, ExchangeClock clock, MemoryBudget.Share share)
            throws IOException {
        try {
            if (runner.crowded()) {
                throw new PortException.Unavailable(
                        "gateway.busy", "too many requests at once", null, Duration.ofSeconds(2));
            }
            clock.onLate(() -> tellLate(exchange));
            Gateway.Request request = reader.read(exchange, share);
            clock.enter(ExchangeClock.Phase.HANDLING);
            return handler.handle(request);
        } catch (PortException e) {
            if (!(e instanceof PortException.Refused)) {
                LOG.log(System.Logger.Level.DEBUG, () -> "request answered with " + e.code() + ": " + e.getMessage());
            }
            return closing(problems.of(e), e);
        } catch (InterruptedException e) {
            return problems.problem(503, "gateway.closing", "The backplane stops.", Duration.ofSeconds(5));
        } catch (RuntimeException e) {
            String reference = entropy.hex(6);
            LOG.log(System.Logger.Level.ERROR, "request failed, reference " + reference, e);
            return problems.internal(reference);
        }
    }

    /** What was refused while it was read leaves a rest on the line that nobody will read. */
    private static Gateway.Response closing(Gateway.Response response, PortException cause) {
        if (!cause.code().startsWith("gateway.")) {
            return response;
        }
        java.util.Map<String, String> headers = new java.util.LinkedHashMap<>(response.headers());
        headers.put("Connection", "close");
        return new Gateway.Response(response.status(), headers, response.body(), null);
    }

    private void tellLate(HttpExchange exchange) {
        PortException late = new PortException.Refused("gateway.late", "the request did not arrive in time");
        try {
            writer.writeBytes(exchange, closing(problems.of(late), late));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "could not tell that a request was late", e);
        }
    }

    /** What a handler is made of. */
    record Parts(
            Gateway.Handler handler,
            RequestReader reader,
            Problems problems,
            ExchangeRunner runner,
            MemoryBudget memory,
            Entropy entropy) {}
}
