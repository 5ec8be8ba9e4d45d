package io.machineroom.app.wiring;

import io.machineroom.app.graph.SubmissionFiles;
import io.machineroom.domain.spooling.submission.Submission;
import io.machineroom.domain.spooling.submission.SubmissionDirectory;
import io.machineroom.domain.spooling.submission.SubmissionFormat;
import io.machineroom.domain.spooling.submission.SubmissionPlace;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;

/** The submission directory that a configuration names. */
record ConfiguredSubmissions(SubmissionPlace place, JsonFormat json, RealWorld world) implements SubmissionFiles {
    @Override
    public Value.Obj fresh(String subject, byte[] payload) {
        return SubmissionFormat.fresh(subject, payload, "", world.time().wall(), world.entropy());
    }

    @Override
    public String put(Value.Obj message) {
        Submission read = SubmissionFormat.read(message, world.entropy().uuid());
        FolderOwner.check(place.files().root());
        new SubmissionDirectory(place.files(), json, place.settings())
                .put(read, world.time().wall(), world.entropy());
        return read.id();
    }

    @Override
    public int maxBytes() {
        return place.settings().maxBytes();
    }
}
