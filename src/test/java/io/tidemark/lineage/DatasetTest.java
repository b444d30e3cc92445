package io.tidemark.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of data sets by the rules of OpenLineage. */
class DatasetTest {
  @ParameterizedTest
  @CsvSource({
    "/logs/a.parquet, file, /logs/a.parquet",
    "/logs/, file, /logs",
    "/logs/2025-*.parquet, file, /logs",
    "'/logs/{eu,us}/x.csv', file, /logs",
    "/logs/day=?/x.csv, file, /logs",
    "file:///logs/a.csv, file, /logs/a.csv",
    "s3://bucket/logs/2025/*.parquet, s3://bucket, logs/2025",
    "s3://bucket, s3://bucket, /",
    "s3://bucket/*.csv, s3://bucket, /",
    "hdfs://u:secret@host:8020/logs/a.csv, hdfs://host:8020, logs/a.csv",
    "kafka://h:9092/topic, kafka://h:9092, topic",
    "kafka://h:9092/topic?until=latest, kafka://h:9092, topic",
    "'kafka://a:1,b:2/topic', kafka://a:1, topic"
  })
  void aPlaceHasOneName(String uri, String namespace, String name) {
    Dataset dataset = Dataset.matching(uri);
    assertThat(dataset.namespace()).isEqualTo(namespace);
    assertThat(dataset.name()).isEqualTo(name);
  }

  /** A folder that is written to is called what it is called. */
  @ParameterizedTest
  @CsvSource({"/out/[a]/findings, file, /out/[a]/findings"})
  void whatIsWrittenToIsNoGlob(String uri, String namespace, String name) {
    Dataset dataset = Dataset.at(uri);
    assertThat(dataset.namespace()).isEqualTo(namespace);
    assertThat(dataset.name()).isEqualTo(name);
  }
}
