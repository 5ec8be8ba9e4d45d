package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.security.CertificateIssuer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Watches what of a backplane expires: measures it each hour and warns once a day, {@value #WARN_DAYS} days before.
 * Nothing is renewed by itself here: the keys that sign are offline.
 */
final class ExpiryWatch implements Tasks.Body {
    /** How long before its end a certificate or token is warned about. */
    static final int WARN_DAYS = 30;

    private static final System.Logger LOG = System.getLogger(ExpiryWatch.class.getName());
    private static final String REMEDY = "run: backplane renew --offline DIR";
    private static final Duration LOOK = Duration.ofHours(1);
    private static final int LOOKS_A_DAY = 24;

    private final CharterBook book;
    private final CertificateIssuer certificates;
    private final Path chain;
    private final IngestPorts ports;

    ExpiryWatch(CharterBook book, CertificateIssuer certificates, Path chain, IngestPorts ports) {
        this.book = book;
        this.certificates = certificates;
        this.chain = chain;
        this.ports = ports;
    }

    /** Something that expires, and what to do about it. */
    record Expiry(String what, Instant at, String remedy) {
        long secondsLeft(Instant now) {
            return Duration.between(now, at).toSeconds();
        }

        boolean soon(Instant now) {
            return secondsLeft(now) < Duration.ofDays(WARN_DAYS).toSeconds();
        }

        String warning(Instant now) {
            return what + (secondsLeft(now) < 0 ? " has expired on " : " expires on ") + at + ": " + remedy;
        }
    }

    @Override
    public void run() throws InterruptedException {
        for (long look = 0; ; look++) {
            measure(look % LOOKS_A_DAY == 0);
            ports.tasks().sleep(LOOK);
        }
    }

    private void measure(boolean tell) {
        Instant now = ports.time().wall();
        for (Expiry expiry : all()) {
            ports.meter()
                    .gauge("mr_backplane_expires_seconds", "what", expiry.what(), (double) expiry.secondsLeft(now));
            if (tell && expiry.soon(now)) {
                LOG.log(
                        expiry.secondsLeft(now) < 0 ? System.Logger.Level.ERROR : System.Logger.Level.WARNING,
                        expiry.warning(now));
            }
        }
    }

    /** All that expires and can be read. */
    List<Expiry> all() {
        List<Expiry> out = new ArrayList<>();
        book.issuerExpires().ifPresent(at -> out.add(new Expiry("issuer", Instant.ofEpochSecond(at), REMEDY)));
        try {
            List<Instant> found = certificates.expires(chain);
            out.add(new Expiry("certificate", found.getFirst(), REMEDY));
            if (found.size() > 1) {
                out.add(new Expiry("authority", found.getLast(), "nodes pin it: plan a new backplane with the vendor"));
            }
        } catch (PortException.Refused unreadable) {
            LOG.log(System.Logger.Level.ERROR, unreadable.code() + ": " + unreadable.getMessage());
        }
        book.sites().all().stream()
                .map(Site::customer)
                .distinct()
                .forEach(customer -> siteAuthority(customer).ifPresent(out::add));
        return out;
    }

    private Optional<Expiry> siteAuthority(String customer) {
        try {
            Instant at = certificates
                    .expires(book.files().path(SiteOffice.CA_ROOT + "/" + customer + "/ca.pem"))
                    .getFirst();
            return Optional.of(
                    new Expiry("site-ca " + customer, at, "followers pin it: plan new sites with the customer"));
        } catch (PortException.Refused unreadable) {
            LOG.log(System.Logger.Level.ERROR, unreadable.code() + ": " + unreadable.getMessage());
            return Optional.empty();
        }
    }

    /** For the status. */
    Value.Obj document() {
        Value.Obj out = Value.obj();
        for (Expiry expiry : all()) {
            out = out.with(expiry.what(), Value.text(expiry.at().toString()));
        }
        return out;
    }

    /** What should be done soon. */
    List<String> warnings() {
        Instant now = ports.time().wall();
        return all().stream()
                .filter(expiry -> expiry.soon(now))
                .map(expiry -> expiry.warning(now))
                .toList();
    }
}
