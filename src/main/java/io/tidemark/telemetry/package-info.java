/** What a running job says about itself: the one list of its metrics. */
package io.tidemark.telemetry;
