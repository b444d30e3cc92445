package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The packaged program on a Flink cluster of two processes. */
@ResourceLock(Servers.CLUSTER)
@Order(Integer.MAX_VALUE - 1)
class FlinkClusterIT {
  @TempDir Path folder;

  @Test
  void givesWhatTheDirectRunnerGives() throws Exception {
    Log log = Log.simulate(folder.resolve("log"), "jsonl", 3000);
    Path direct = folder.resolve("direct");
    assertThat(log.monitor(log.events(), direct).code()).isZero();
    Path output = folder.resolve("on-cluster");
    Servers.script(
        Map.of(),
        "tidemark",
        "monitor",
        "--spec=" + log.spec,
        "--events=" + log.events(),
        "--baseline=" + log.baseline,
        "--output=" + output,
        "--runner=FlinkRunner",
        "--flinkMaster=" + Servers.cluster().address(),
        "--parallelism=2");
    assertThat(Log.results(output)).isEqualTo(Log.results(direct)).isNotEmpty();
  }
}
