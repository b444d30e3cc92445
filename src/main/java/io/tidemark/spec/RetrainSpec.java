package io.tidemark.spec;

import java.io.Serializable;
import java.time.Duration;
import java.util.SortedMap;

/**
 * When a model is to be trained again: once any of the conditions holds in a snapshot's period.
 *
 * @param conceptDrift whether a finding of concept drift is one
 * @param performanceBelow whether performance is one
 * @param bounds the values of metrics that a window's are worse than; none: a finding of
 *     performance that rang for the worse
 * @param rowsAtLeast labelled rows since the last trigger; 0: not asked for
 * @param newSlice whether a slice on which the model newly errs more is one
 * @param every time since the last trigger; null: not asked for
 * @param cooldown how long after a trigger none follows, by the ends of their periods; zero: none
 */
public record RetrainSpec(
    boolean conceptDrift,
    boolean performanceBelow,
    SortedMap<String, Double> bounds,
    long rowsAtLeast,
    boolean newSlice,
    Duration every,
    Duration cooldown)
    implements Serializable {}
