package io.tidemark;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.Architectures;
import org.junit.jupiter.api.Test;

/** Which package may know which: the table of the README, held by a test. */
class ArchitectureTest {
  /** Where tests are compiled to, whatever compiles them. */
  private static final String TESTS =
      ArchitectureTest.class.getProtectionDomain().getCodeSource().getLocation().toString();

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(location -> !location.contains(TESTS))
          .importPackages("io.tidemark");

  @Test
  void layers() {
    ArchRule rule =
        Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("Schema")
            .definedBy("..schema..")
            .layer("Stats")
            .definedBy("..stats..")
            .layer("Spec")
            .definedBy("..spec..")
            .layer("Event")
            .definedBy("..event..")
            .layer("Store")
            .definedBy("..store..")
            .layer("Kafka")
            .definedBy("io.tidemark.kafka..")
            .layer("Profile")
            .definedBy("..profile..")
            .layer("Ingest")
            .definedBy("..ingest..")
            .layer("Baseline")
            .definedBy("..baseline..")
            .layer("Drift")
            .definedBy("..drift..")
            .layer("Labels")
            .definedBy("..labels..")
            .layer("Snapshot")
            .definedBy("..snapshot..")
            .layer("Detectors")
            .definedBy("..detectors..")
            .layer("Performance")
            .definedBy("io.tidemark.performance..")
            .layer("Alerts")
            .definedBy("..alerts..")
            .layer("Simulate")
            .definedBy("..simulate..")
            .layer("Pipeline")
            .definedBy("..pipeline..")
            .whereLayer("Pipeline")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("Ingest")
            .mayOnlyBeAccessedByLayers("Pipeline")
            .whereLayer("Baseline")
            .mayOnlyBeAccessedByLayers("Pipeline")
            .whereLayer("Drift")
            .mayOnlyBeAccessedByLayers("Pipeline")
            .whereLayer("Labels")
            .mayOnlyBeAccessedByLayers("Pipeline")
            .whereLayer("Snapshot")
            .mayOnlyBeAccessedByLayers("Pipeline")
            .whereLayer("Detectors")
            .mayOnlyBeAccessedByLayers("Pipeline")
            .whereLayer("Performance")
            .mayOnlyBeAccessedByLayers("Pipeline")
            .whereLayer("Alerts")
            .mayOnlyBeAccessedByLayers("Pipeline")
            .whereLayer("Simulate")
            .mayOnlyBeAccessedByLayers("Pipeline")
            .whereLayer("Profile")
            .mayOnlyBeAccessedByLayers(
                "Ingest", "Baseline", "Drift", "Labels", "Snapshot", "Performance", "Pipeline")
            .whereLayer("Kafka")
            .mayOnlyBeAccessedByLayers("Ingest", "Alerts", "Simulate")
            .whereLayer("Event")
            .mayOnlyBeAccessedByLayers(
                "Profile",
                "Ingest",
                "Baseline",
                "Drift",
                "Labels",
                "Snapshot",
                "Detectors",
                "Performance",
                "Alerts",
                "Simulate",
                "Pipeline")
            .whereLayer("Spec")
            .mayOnlyBeAccessedByLayers(
                "Event",
                "Store",
                "Profile",
                "Ingest",
                "Baseline",
                "Drift",
                "Labels",
                "Snapshot",
                "Detectors",
                "Performance",
                "Alerts",
                "Simulate",
                "Pipeline");
    rule.check(CLASSES);
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
