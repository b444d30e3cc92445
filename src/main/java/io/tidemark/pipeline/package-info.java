/** The wiring: which stages a command runs, and on which runner. */
package io.tidemark.pipeline;
