/**
 * SendAlerts: what rang, to a topic or a webhook, each once by its id. What was sent is kept below
 * the output, so that a rerun or a job that starts again does not repeat it.
 */
package io.tidemark.alerts;
