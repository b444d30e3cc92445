/**
 * The queue of doubtful labels as a sheet that people fill in, and what they fill in as labels of a
 * trusted source.
 */
package io.tidemark.review;
