package io.machineroom.app.simulation;

import io.machineroom.app.codec.CloudEventsJsonFormat;
import io.machineroom.app.codec.CloudEventsProtobufFormat;
import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.codec.SnakeYaml;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.YamlFormat;
import io.machineroom.ports.event.EventFormat;
import java.util.List;

/** The product's own codecs: they are pure, so nothing about them needs simulating. */
record Codecs(JsonFormat json, YamlFormat yaml, List<EventFormat> formats) {
    static Codecs real() {
        JsonFormat json = new JacksonJson();
        return new Codecs(
                json, new SnakeYaml(), List.of(new CloudEventsProtobufFormat(json), new CloudEventsJsonFormat(json)));
    }
}
