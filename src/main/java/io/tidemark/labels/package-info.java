/** Which label belongs to which prediction, and what became of every row of the label source. */
package io.tidemark.labels;
