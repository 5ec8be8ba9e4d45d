package io.machineroom.domain.replication.config;

import java.util.List;
import java.util.Optional;

/**
 * What a section takes from the one above when it does not say it itself.
 *
 * @param tls files
 * @param choria login
 */
record Inheritance(Optional<TlsFiles> tls, Optional<ChoriaFiles> choria) {
    private static final List<String> TLS = List.of("ca", "cert", "key");
    private static final List<String> CHORIA = List.of("seed_file", "jwt_file", "collective");

    static Inheritance none() {
        return new Inheritance(Optional.empty(), Optional.empty());
    }

    /** With what a section says below keys of that prefix: {@code ""}, {@code "source_"} or {@code "target_"}. */
    Inheritance with(Section section, String prefix) {
        Optional<TlsFiles> own = section.section(prefix + "tls").map(Inheritance::tls);
        Optional<ChoriaFiles> login = section.section(prefix + "choria").flatMap(Inheritance::choria);
        return new Inheritance(own.or(() -> tls), login.or(() -> choria));
    }

    private static TlsFiles tls(Section section) {
        section.knows(TLS);
        TlsFiles files = new TlsFiles(section.file("ca"), section.file("cert"), section.file("key"));
        if (files.certificate().isPresent() != files.key().isPresent()) {
            section.wrong("", "cert and key belong together: give both or none");
        }
        return files;
    }

    private static Optional<ChoriaFiles> choria(Section section) {
        section.knows(CHORIA);
        var seed = section.file("seed_file");
        var jwt = section.file("jwt_file");
        if (seed.isEmpty() && jwt.isEmpty() && section.text("collective").isEmpty()) {
            return Optional.empty();
        }
        if (seed.isEmpty() || jwt.isEmpty()) {
            section.wrong("", "seed_file and jwt_file belong together: give both");
            return Optional.empty();
        }
        return Optional.of(new ChoriaFiles(seed.get(), jwt.get(), section.text("collective")));
    }

    /** One end of a copy; without any URL it cannot run. */
    Side side(Section section, String urlKey) {
        String urls = section.text(urlKey);
        ServerList list = ServerList.parse(urls);
        list.problems().forEach(p -> section.wrong(urlKey, p));
        if (list.insecure()) {
            section.warn(
                    urlKey,
                    "insecure is ignored: the server's certificate is verified; name its authority with tls.ca");
        }
        return new Side(urls, tls, choria);
    }
}
