package org.slipway;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static com.tngtech.archunit.library.plantuml.rules.PlantUmlArchCondition.Configuration.consideringOnlyDependenciesInDiagram;
import static com.tngtech.archunit.library.plantuml.rules.PlantUmlArchCondition.adhereToPlantUmlDiagram;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the code to the drawn rooms: who may read whom, and which room alone uses what. */
final class ArchitectureTest {
  private static final String ROOT = "org.slipway";
  private static final JavaClasses CODE = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .importPackages(ROOT);

  @Test
  void readsOnlyRoomsThatTheDiagramAllows() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".*..")
        .should(adhereToPlantUmlDiagram(Drawing.file(), consideringOnlyDependenciesInDiagram()))
        .check(CODE);
  }

  @Test
  void drawsNoArrowThatNobodyUses() throws IOException {
    Set<Drawing.Arrow> used = new TreeSet<>();
    for (JavaClass each : CODE) {
      each.getDirectDependenciesFromSelf().stream()
          .map(dependency -> new Drawing.Arrow(
              room(each), room(dependency.getTargetClass().getBaseComponentType())))
          .filter(arrow -> !arrow.from().isEmpty() && !arrow.to().isEmpty())
          .filter(arrow -> !arrow.from().equals(arrow.to()))
          .forEach(used::add);
    }

    assertThat(Drawing.read().arrows()).isEqualTo(used);
  }

  @Test
  void drawsEveryRoom() throws IOException {
    Set<String> rooms = new TreeSet<>();
    CODE.forEach(each -> rooms.add(room(each)));
    rooms.remove("");

    assertThat(Drawing.read().rooms()).containsExactlyInAnyOrderElementsOf(rooms);
  }

  @Test
  void letsNoTwoRoomsReadEachOther() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CODE);
  }

  @Test
  void letsNoRoomReadTheRoot() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".*..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT)
        .check(CODE);
  }

  /** The root is a room of its own here, with an empty name. */
  @ParameterizedTest
  @CsvSource({
    "org.eclipse.jgit..,       tree",
    "org.quartz..,             schedule",
    "org.eclipse.jetty..,      web",
    "freemarker..,             web",
    "org.jdbi..,               store",
    "org.flywaydb..,           store",
    "com.zaxxer.hikari..,      store",
    "org.h2.mvstore..,         evaluate",
    "picocli..,                ''",
    "org.snakeyaml..,          ''",
    "javax.crypto..,           sign",
  })
  void keepsALibraryInItsRoom(String library, String room) {
    noClasses()
        .that(resideOutside(room))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(CODE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.security.PrivateKey",
        "java.security.KeyPair",
        "java.security.KeyPairGenerator",
        "java.security.KeyStore"
      })
  void showsKeysToTheSigningRoomOnly(String type) {
    noClasses()
        .that(resideOutside("sign"))
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName(type)
        .check(CODE);
  }

  @Test
  void startsProcessesInTheJailRoomOnly() {
    noClasses()
        .that(resideOutside("jail"))
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ProcessBuilder.class)
        .orShould()
        .callMethodWhere(describe(
            "starts a process through Runtime",
            call -> call.getTargetOwner().isEquivalentTo(Runtime.class)
                && call.getName().equals("exec")))
        .check(CODE);
  }

  @Test
  void writesToTheTerminalFromTheRootOnly() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".*..")
        .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
        .check(CODE);
    GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(CODE);
  }

  @Test
  void showsTheSameDiagramToReaders() throws IOException {
    String drawing = Drawing.read().asMermaid();
    Path project = Path.of(System.getProperty("slipway.dir", "."));

    for (String document : List.of("README.md", "ARCHITECTURE.md")) {
      assertThat(Files.readString(project.resolve(document))).as(document).contains(drawing);
    }
  }

  private static DescribedPredicate<JavaClass> resideOutside(String room) {
    return DescribedPredicate.not(
        room.isEmpty() ? resideInAnyPackage(ROOT) : resideInAnyPackage(ROOT + "." + room + ".."));
  }

  /** Empty for the root and for what is not ours. */
  private static String room(JavaClass type) {
    String name = type.getPackageName();
    return name.startsWith(ROOT + ".") ? name.substring(ROOT.length() + 1).split("\\.", 2)[0] : "";
  }
}
