/**
 * A Beam runner for jobs that end and fit into this process: no watermarks, no copies between
 * steps, no step that waits for its turn.
 */
package io.tidemark.local;
