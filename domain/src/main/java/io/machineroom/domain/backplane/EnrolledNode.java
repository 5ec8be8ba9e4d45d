package io.machineroom.domain.backplane;

import io.machineroom.ports.data.Value;

/**
 * A node as it was enrolled.
 *
 * @param origin customer, site, identity and NATS user nkey
 * @param publicKey identity key, hex
 * @param nodeNonce the nonce that the answer was given for
 * @param version the agent's version when it enrolled
 * @param enrolled Unix seconds
 * @param reply the signed answer, to be given again
 */
public record EnrolledNode(
        Origin origin, String publicKey, String nodeNonce, String version, long enrolled, Value.Obj reply) {
    String key() {
        return key(origin.customer(), origin.identity());
    }

    static String key(String customer, String identity) {
        return customer + "/" + identity;
    }

    Value.Obj document() {
        return Value.obj(
                        "customer", Value.text(origin.customer()),
                        "site", Value.text(origin.site()),
                        "identity", Value.text(origin.identity()))
                .with("public_nkey", Value.text(origin.nodeKey()))
                .with("public_key", Value.text(publicKey))
                .with("node_nonce", Value.text(nodeNonce))
                .with("version", Value.text(version))
                .with("enrolled", Value.num(enrolled))
                .with("reply", reply);
    }

    static EnrolledNode of(Value.Obj document) {
        Origin origin = new Origin(
                document.text("customer").orElseThrow(),
                document.text("site").orElse(""),
                document.text("identity").orElseThrow(),
                document.text("public_nkey").orElseThrow());
        return new EnrolledNode(
                origin,
                document.text("public_key").orElseThrow(),
                document.text("node_nonce").orElse(""),
                document.text("version").orElse(""),
                document.whole("enrolled").orElse(0L),
                document.obj("reply").orElse(Value.obj()));
    }
}
