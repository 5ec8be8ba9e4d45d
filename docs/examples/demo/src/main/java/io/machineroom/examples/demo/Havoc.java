package io.machineroom.examples.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Kills the product's processes as {@code kill -9} does and starts them again. One thread uses it. */
final class Havoc {
    private static final Duration SOON = Duration.ofSeconds(90);

    private final Saas saas;
    private final List<Node> nodes;
    private final Random dice;
    private final BrokerPast past;
    private final Recoveries recoveries = new Recoveries();
    private final Map<Victim, Integer> kills = new EnumMap<>(Victim.class);
    /** Who is still to be killed in this round: in a random order, but nobody is left out for long. */
    private final List<Victim> next = new ArrayList<>();

    private int rollBacks;

    Havoc(Saas saas, List<Node> nodes, Random dice, Path brokerCopy) {
        this.saas = saas;
        this.nodes = List.copyOf(nodes);
        this.dice = dice;
        this.past = new BrokerPast(saas, brokerCopy);
        for (Victim victim : Victim.values()) {
            kills.put(victim, 0);
        }
    }

    /** Kills one: three times in four once it is back from the last time, otherwise also while it still starts. */
    Victim strike() throws Exception {
        if (next.isEmpty()) {
            next.addAll(List.of(Victim.values()));
            Collections.shuffle(next, dice);
        }
        Victim victim = next.removeFirst();
        Node node = nodes.get(dice.nextInt(nodes.size()));
        String name = victim == Victim.AGENT ? node.name() : victim.title();
        if (dice.nextInt(4) > 0) {
            Workshop.await(name + " is back", SOON, () -> recoveries.isBack(name));
        }
        switch (victim) {
            case AGENT -> kill(node);
            case BACKPLANE -> killBackplane();
            case NATS -> killNats();
        }
        kills.merge(victim, 1, Integer::sum);
        return victim;
    }

    private void kill(Node node) throws Exception {
        node.kill();
        long before = node.accepted();
        recoveries.begin(Victim.AGENT, node.name(), () -> node.accepted() > before);
        node.start();
    }

    private void killBackplane() throws Exception {
        saas.kill();
        recoveries.begin(Victim.BACKPLANE, Victim.BACKPLANE.title(), saas::isUp);
        saas.start();
    }

    private void killNats() throws Exception {
        Workshop.await("there is a nats-server to kill", SOON, saas::killNats);
        recoveries.begin(Victim.NATS, Victim.NATS.title(), saas::natsAnswers);
    }

    /** Keeps a copy of what the broker has now; false when it has to be tried again. */
    boolean remember() throws Exception {
        return past.isThere() || past.take();
    }

    /** Puts the broker back to what {@link #remember} kept. */
    Duration rollBack() throws Exception {
        boolean backplaneDies = dice.nextBoolean();
        Duration forgotten = past.putBack(backplaneDies);
        rollBacks++;
        recoveries.begin(Victim.NATS, Victim.NATS.title(), saas::natsAnswers);
        if (backplaneDies) {
            recoveries.begin(Victim.BACKPLANE, Victim.BACKPLANE.title(), saas::isUp);
        }
        return forgotten;
    }

    /** Looks who is back; whoever ended without being killed is a failure. */
    void look() throws Exception {
        saas.mustLive();
        for (Node node : nodes) {
            node.mustLive();
        }
        recoveries.look();
    }

    void awaitAllBack() throws Exception {
        Workshop.await("everybody is back", SOON, recoveries::areAllBack);
    }

    Map<Victim, Integer> kills() {
        return Map.copyOf(kills);
    }

    int rollBacks() {
        return rollBacks;
    }

    Map<Victim, Duration> longest() {
        return recoveries.longest();
    }
}
