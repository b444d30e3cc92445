package io.tidemark.spec;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/**
 * A separate source of true labels, joined on the events' id.
 *
 * @param format null: by file extension
 * @param source column with who labelled, or null
 * @param horizon how long a prediction waits for its label
 * @param trusted sources whose labels override others, of several the latest
 * @param trustedHorizon how long after its event such a label may come, or null: in a stream as
 *     long as others, in a run that ends without bound
 */
public record LabelsSpec(
    Format format,
    String id,
    String value,
    String time,
    String source,
    Duration horizon,
    List<String> trusted,
    Duration trustedHorizon)
    implements Serializable {}
