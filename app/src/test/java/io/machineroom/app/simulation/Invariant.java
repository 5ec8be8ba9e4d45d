package io.machineroom.app.simulation;

/** What must hold, whatever goes wrong. */
enum Invariant {
    /** What a spool accepted reaches the SaaS or stays in the spool, unless somebody destroyed it. */
    NOTHING_LOST,
    /** The event log holds no event twice. */
    NOTHING_TWICE,
    /** Numbers of one node, epoch and lane are stored in their order. */
    IN_ORDER,
    /** Created is stored, waiting, void and unknown; and each of them is what really happened. */
    LEDGER_BALANCES,
    /** A node lets go only of what the SaaS stored. */
    MARK_BEHIND_STORE,
    /** A spool stays within its bounds. */
    SPOOL_BOUNDED,
    /** An event is stored as one of the site that its node belongs to. */
    RIGHT_SITE,
    /** What runs is one whole version that the vendor published. */
    PLUGIN_WHOLE,
    /** Nothing of a deployment stays halfway. */
    DEPLOYMENT_ENDS,
    /** No key, token or session is in events, status or facts. */
    NO_SECRET_LEAVES,
    /** After quiet every node runs what is desired, or the SaaS knows why not, by a code. */
    OBSERVED_IS_DESIRED,
    /** After quiet every node is linked and its spool empty. */
    COMES_BACK,
    /** Never more nodes at once do what a governor limits than it has slots. */
    LIMIT_KEPT,
    /** No task ends with a fault that nobody expected. */
    NO_FAULT
}
