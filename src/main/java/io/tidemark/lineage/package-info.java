/**
 * Lineage: what a run has read and written, in the words of OpenLineage, so that catalogues connect
 * it with the jobs before and behind it. (OpenLineage 2-0-2, https://openlineage.io/spec)
 */
package io.tidemark.lineage;
