/** Sequential detectors over a model's labelled outcomes: one stage, whose state outlives a run. */
package io.tidemark.detectors;
