package io.tidemark;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import io.tidemark.cli.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which package may know which: the table of the README, held by a test. */
class ArchitectureTest {
  /** Where the program is compiled to, whatever compiles it, and nothing that it stands beside. */
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importUrl(Main.class.getProtectionDomain().getCodeSource().getLocation());

  /** A package may use those of the levels before its own; siblings don't know one another. */
  private static final List<Set<String>> LEVELS =
      List.of(
          Set.of("schema", "stats", "telemetry", "local"),
          Set.of("flow", "spec", "kafka"),
          Set.of("event", "store"),
          Set.of("profile"),
          Set.of(
              "ingest",
              "baseline",
              "drift",
              "labels",
              "labelissues",
              "performance",
              "detectors",
              "slices",
              "snapshot",
              "retrain",
              "alerts",
              "lineage",
              "review",
              "simulate"),
          Set.of("pipeline"),
          Set.of("cli"));

  /** A room of ingest may use those before its own. */
  private static final List<String> INGEST = List.of("row", "format", "scan", "topic", "hold");

  private static int level(String room) {
    for (int level = 0; level < LEVELS.size(); level++) {
      if (LEVELS.get(level).contains(room)) {
        return level;
      }
    }
    throw new AssertionError(room + " has no level: add it to the list, and to README's table");
  }

  /** The package below io.tidemark that a class is in. */
  private static String room(JavaClass one) {
    return one.getPackageName().split("\\.")[2];
  }

  @Test
  void packagesUseLowerLevelsOnly() {
    List<String> wrong = new ArrayList<>();
    for (JavaClass one : CLASSES) {
      for (Dependency dependency : one.getDirectDependenciesFromSelf()) {
        JavaClass other = dependency.getTargetClass().getBaseComponentType();
        boolean ours = other.getPackageName().startsWith("io.tidemark.");
        if (ours && !room(other).equals(room(one)) && level(room(other)) >= level(room(one))) {
          wrong.add(dependency.getDescription());
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void roomsOfIngestUseThoseBeforeThem() {
    List<String> wrong = new ArrayList<>();
    for (JavaClass one : CLASSES) {
      for (Dependency dependency : one.getDirectDependenciesFromSelf()) {
        JavaClass other = dependency.getTargetClass().getBaseComponentType();
        if (room(one).equals("ingest")
            && other.getPackageName().startsWith("io.tidemark.ingest")
            && INGEST.indexOf(ingestRoom(other)) > INGEST.indexOf(ingestRoom(one))) {
          wrong.add(dependency.getDescription());
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(CLASSES.stream().filter(one -> room(one).equals("ingest")))
        .extracting(ArchitectureTest::ingestRoom)
        .isSubsetOf(INGEST);
  }

  private static String ingestRoom(JavaClass one) {
    return one.getPackageName().substring(one.getPackageName().lastIndexOf('.') + 1);
  }

  @Test
  void readmeHasTheSameLevels() throws Exception {
    Pattern row = Pattern.compile("\\| (\\d) \\| ((?:`\\w+`[^`|]*)+) \\|.*");
    List<Set<String>> told = new ArrayList<>();
    List<String> lines = Files.readAllLines(Path.of("README.md"));
    int table = lines.indexOf("| level | packages | |");
    for (String line : lines.subList(table, lines.size())) {
      Matcher matcher = row.matcher(line);
      if (matcher.matches()) {
        assertThat(matcher.group(1)).isEqualTo(Integer.toString(told.size()));
        told.add(
            Pattern.compile("`(\\w+)`")
                .matcher(matcher.group(2))
                .results()
                .map(name -> name.group(1))
                .collect(Collectors.toSet()));
      }
    }
    assertThat(told).isEqualTo(LEVELS);
  }

  /** Metrics are named at the bottom, where every stage can reach them. */
  @Test
  void telemetryKnowsNoStage() {
    ArchRule rule =
        ArchRuleDefinition.noClasses()
            .that()
            .resideInAPackage("..telemetry..")
            .should()
            .dependOnClassesThat(
                JavaClass.Predicates.resideInAPackage("io.tidemark..")
                    .and(JavaClass.Predicates.resideOutsideOfPackage("..telemetry..")));
    rule.check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    ArchRule rule = slices().matching("io.tidemark.(*)..").should().beFreeOfCycles();
    rule.check(CLASSES);
  }

  @Test
  void statsKnowsNoFramework() {
    ArchRule rule =
        ArchRuleDefinition.noClasses()
            .that()
            .resideInAPackage("..stats..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "org.apache.beam..",
                "org.apache.avro..",
                "org.apache.parquet..",
                "java.nio.file..");
    rule.check(CLASSES);
  }

  @Test
  void noDrawers() {
    ArchRule rule =
        ArchRuleDefinition.noClasses()
            .should()
            .resideInAnyPackage("..util..", "..utils..", "..common..", "..helpers..");
    rule.check(CLASSES);
  }
}
