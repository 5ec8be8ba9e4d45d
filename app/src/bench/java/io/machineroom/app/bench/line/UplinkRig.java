package io.machineroom.app.bench.line;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * Events a second from a site to the SaaS over lines of several shapes, beside a bare copy by the library and one raw TCP stream, in
 * turn. Arguments: {@code rates FOLDER ROUNDS EVENTS SECONDS}, {@code drain FOLDER EVENTS}, {@code thin FOLDER EVENTS MINUTES}.
 */
final class UplinkRig {
    private final Line line;
    private final Child saas;
    private final Child site;

    private UplinkRig(Line line, Child saas, Child site) {
        this.line = line;
        this.saas = saas;
        this.site = site;
    }

    private interface Measurement {
        void run(UplinkRig rig) throws Exception;
    }

    /** The command line. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[1]);
        switch (args[0]) {
            case "rates" -> {
                for (String control : List.of("cubic", "bbr")) {
                    int rounds = Integer.parseInt(args[2]);
                    over(control, folder, rig -> rig.rates(control, rounds, Long.parseLong(args[3]), args[4]));
                }
            }
            case "drain" -> over("cubic", folder, rig -> rig.drain(Long.parseLong(args[2])));
            default -> over("cubic", folder, rig -> rig.thin(Long.parseLong(args[2]), Long.parseLong(args[3])));
        }
    }

    private static void over(String control, Path folder, Measurement measurement) throws Exception {
        String run = control + "-" + System.nanoTime();
        String saasFolder = folder.resolve(run + "-saas").toString();
        try (Line line = new Line(Shape.of(0, 0), control);
                Child saas = new Child(Line.SAAS, SaasEnd.class, saasFolder, Line.SAAS_ADDRESS);
                Child site = new Child(
                        Line.SITE, SiteEnd.class, folder.resolve(run + "-site").toString(), saasFolder)) {
            measurement.run(new UplinkRig(line, saas, site));
        }
    }

    private void rates(String control, int rounds, long events, String seconds) throws Exception {
        once("BARE", events / 2, 60);
        once("MR_INTAKE", events / 2, 60);
        once("https", events / 2, 60);
        for (Shape shape : List.of(Shape.of(0, 0), Shape.of(50, 0), Shape.of(50, 0.01))) {
            Samples bare = new Samples();
            Samples ours = new Samples();
            Samples https = new Samples();
            Samples raw = new Samples();
            for (int i = 0; i < rounds; i++) {
                line.shape(shape);
                raw.add(LineCheck.raw(seconds), 0);
                bare.add(once("BARE", shape, events, Long.parseLong(seconds)));
                ours.add(once("MR_INTAKE", shape, events, Long.parseLong(seconds)));
                https.add(once("https", shape, events, Long.parseLong(seconds)));
            }
            System.out.println(shape + ", " + control);
            System.out.println("  raw TCP   " + raw.bytes());
            System.out.println("  bare copy " + bare);
            System.out.println("  ours      " + ours + "; of the bare copy " + ours.share(bare));
            System.out.println("  HTTPS     " + https + "; of the bare copy " + https.share(bare));
        }
    }

    /** What one run brought. */
    record Sample(double events, double bytes) {}

    /** What several runs brought. */
    static final class Samples {
        private final List<Sample> all = new ArrayList<>();

        void add(Sample sample) {
            all.add(sample);
        }

        void add(double bytes, double events) {
            all.add(new Sample(events, bytes));
        }

        String share(Samples other) {
            return Math.round(100 * median(Sample::events) / other.median(Sample::events)) + " %";
        }

        private double median(java.util.function.ToDoubleFunction<Sample> of) {
            return all.stream().mapToDouble(of).sorted().toArray()[all.size() / 2];
        }

        String bytes() {
            return spread(s -> s.bytes() / 1e6, "%.2f MB/s [%.2f..%.2f]");
        }

        private String spread(java.util.function.ToDoubleFunction<Sample> of, String format) {
            double[] sorted = all.stream().mapToDouble(of).sorted().toArray();
            return String.format(Locale.ROOT, format, sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
        }

        @Override
        public String toString() {
            return spread(Sample::events, "%,.0f events/s [%,.0f..%,.0f]") + ", on the line " + bytes();
        }
    }

    private Sample once(String how, Shape shape, long events, long seconds) throws IOException {
        line.shape(shape);
        return once(how, events, seconds);
    }

    /** Copies until all is there or the time is over, and checks what came. */
    private Sample once(String how, long events, long seconds) throws IOException {
        String stream = how.equals("https") ? "MR_INTAKE" : how;
        site.ask("fill " + stream + " " + events);
        long carried = line.carriedUp();
        site.ask(how.equals("BARE") ? "bare" : how.equals("https") ? "https" : "ours");
        Sample sample = follow(stream, events, seconds, carried);
        line.shape(Shape.of(0, 0));
        site.ask("stop");
        System.out.println("    " + how + ": " + saas.ask("check " + stream));
        saas.ask("purge");
        return sample;
    }

    /** From the first that came on. */
    private Sample follow(String stream, long events, long seconds, long before) throws IOException {
        long first = 0;
        long firstCount = 0;
        long carried = before;
        while (true) {
            long count = saas.number("count " + stream);
            long now = System.nanoTime();
            if (first == 0 && count > 0) {
                first = now;
                firstCount = count;
                carried = line.carriedUp();
            }
            double taken = (now - first) / 1e9;
            if (first != 0 && (count >= events || taken >= seconds)) {
                return new Sample((count - firstCount) / taken, (line.carriedUp() - carried) / taken);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    private void drain(long events) throws IOException {
        once("MR_INTAKE", events / 100, 60);
        long begin = System.nanoTime();
        Sample sample = once("MR_INTAKE", events, 3_600);
        System.out.printf(
                Locale.ROOT,
                "%,d events drained at %,.0f/s; filling, draining and checking took %.0f s%n",
                events,
                sample.events(),
                (System.nanoTime() - begin) / 1e9);
    }

    /** An alarm each five seconds beside a backlog that would take the line for days. */
    private void thin(long events, long minutes) throws IOException {
        Shape thin = Shape.of(50, 0).withRate(64_000);
        site.ask("fill MR_INTAKE " + events);
        System.out.println("filled " + events);
        line.shape(thin);
        site.ask("ours");
        long end = System.nanoTime() + minutes * 60_000_000_000L;
        long carried = line.carriedUp();
        List<Long> ages = new ArrayList<>();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(5_000_000_000L);
            site.ask("alarm");
            String told = saas.ask("ages");
            for (String age : told.substring(1, told.length() - 1).split(", ")) {
                if (!age.isEmpty()) {
                    ages.add(Long.parseLong(age));
                }
            }
        }
        ages.sort(null);
        System.out.printf(
                Locale.ROOT,
                "%s: %,d events and %d alarms in %d min; age of alarms median %d ms, p99 %d ms, most %d ms; "
                        + "%.1f kB/s up; links taken into use and last fault: %s%n",
                thin,
                saas.number("count MR_INTAKE"),
                ages.size(),
                minutes,
                ages.get(ages.size() / 2),
                ages.get(ages.size() * 99 / 100),
                ages.getLast(),
                (line.carriedUp() - carried) / 1e3 / (minutes * 60),
                site.ask("links"));
    }
}
