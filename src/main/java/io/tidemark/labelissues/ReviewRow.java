package io.tidemark.labelissues;

import io.tidemark.event.InferenceEvent;
import io.tidemark.profile.ShownRow;
import java.util.List;

/**
 * A row that somebody should look at.
 *
 * @param kinds why, sorted
 * @param suggested null: no other label is more probable
 * @param selfConfidence the model's probability of the label; NaN without
 * @param benefit labels that a look puts right, as expected
 * @param alike labelled rows with the same inputs, of this period and the one before; 0: not known
 */
record ReviewRow(
    String name,
    InferenceEvent event,
    List<String> kinds,
    Doubt.Action action,
    String suggested,
    double selfConfidence,
    double normalizedMargin,
    double wrong,
    double benefit,
    long alike,
    String reason)
    implements ShownRow {}
