/** Kafka as it is named on the command line and reached: what those who read and send share. */
package io.tidemark.kafka;
