/** One class a format: what files of it look like, how they are cut, and how rows are decoded. */
package io.tidemark.ingest.format;
