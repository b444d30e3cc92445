/** What a stream keeps of its rows and labels until a window can be said, and says again. */
package io.tidemark.ingest.hold;
