/** Topics that are followed: partitions, their clocks and marks, and polls decoded to rows. */
package io.tidemark.ingest.topic;
