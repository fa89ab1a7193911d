package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.Manifest;
import org.slipway.packages.PackageFile;
import picocli.CommandLine;

/** Packages made as files, as a person or a script asks for them. */
final class PkgCreateCommandTest {
  private static final String MANIFEST = """
      name: tool
      version: "1.10"
      origin: misc/tool
      comment: "A tool"
      desc: "A tool"
      abi: "FreeBSD:14:amd64"
      prefix: /usr/local
      maintainer: a@example.org
      www: https://example.org
      """;

  @TempDir
  Path folder;

  private final StringWriter said = new StringWriter();
  private final StringWriter printed = new StringWriter();

  @BeforeEach
  void makeStage() throws IOException {
    Files.createDirectories(folder.resolve("stage/usr/local/bin"));
    Files.writeString(folder.resolve("stage/usr/local/bin/tool"), "#!/bin/sh\n");
  }

  @Test
  void packsAFolderWithMetadataPlistAndKeywords() throws Exception {
    write("md/+MANIFEST", MANIFEST);
    write("md/+POST_INSTALL", "echo one\n");
    write("md/Makefile", "not metadata");
    write("kw/hello.ucl", "actions: [file]\npost-install: \"echo %@\"\n");
    write("list", "@include more\n");
    write("more", "@hello bin/tool\n");
    assertThat(create("-m", path("md"), "-p", path("list"), "--keywords", path("kw")))
        .isZero();
    PackageFile file = PackageFile.open(folder.resolve("out/tool-1.10.pkg"));
    assertThat(file.scripts()).containsEntry("post-install", "echo one\necho bin/tool");
    assertThat(file.files())
        .extracting(PackageFile.FileSum::path)
        .containsExactly("/usr/local/bin/tool");
  }

  @Test
  void packsWhatTheManifestListsInAnyOfItsForms() throws Exception {
    write("m.ucl", MANIFEST + "files: { /usr/local/bin/tool: '-' }\n");
    write("m.yaml", MANIFEST + "files:\n  /usr/local/bin/tool: '-'\n");
    write(
        "m.json",
        "{\"name\":\"tool\",\"version\":\"1.10\",\"origin\":\"misc/tool\",\"comment\":\"A tool\","
            + "\"desc\":\"A tool\",\"abi\":\"FreeBSD:14:amd64\",\"prefix\":\"/usr/local\","
            + "\"maintainer\":\"a@example.org\",\"www\":\"https://example.org\","
            + "\"files\":{\"/usr/local/bin/tool\":\"-\"}}");
    List<byte[]> packages = new ArrayList<>();
    for (String name : List.of("m.ucl", "m.yaml", "m.json")) {
      assertThat(create("-M", path(name), "-t", "5")).isZero();
      packages.add(Files.readAllBytes(folder.resolve("out/tool-1.10.pkg")));
    }
    assertThat(packages.get(1)).isEqualTo(packages.get(0));
    assertThat(packages.get(2)).isEqualTo(packages.get(0));
    Manifest manifest = PackageFile.open(folder.resolve("out/tool-1.10.pkg")).manifest();
    assertThat(manifest.name()).hasToString("tool-1.10");
  }

  @Test
  void writesAnyZstdLevelAndLeavesWhatIsThere() throws Exception {
    write("m", MANIFEST + "files: { /usr/local/bin/tool: '-' }\n");
    assertThat(create("-M", path("m"), "-l", "best")).isZero();
    Path file = folder.resolve("out/tool-1.10.pkg");
    Files.writeString(file, "mine");
    assertThat(create("-M", path("m"), "-n")).isZero();
    assertThat(file).hasContent("mine");
    assertThat(create("-M", path("m"), "-l", "fast")).isZero();
    assertThat(PackageFile.open(file).manifest().comment()).isEqualTo("A tool");
  }

  @Test
  void exitsWithOneAndOneSentenceWhereSomethingIsWrong() throws Exception {
    write("m", MANIFEST);
    write("list", "bin/none\n");
    assertThat(create("-M", path("m"), "-p", path("list"))).isEqualTo(1);
    assertThat(said.toString())
        .isEqualTo("the plist names 1 path that is not in the stage: /usr/local/bin/none\n");
    write("list", "@unknown x\n");
    assertThat(create("-M", path("m"), "-p", path("list"))).isEqualTo(1);
    assertThat(said.toString()).startsWith("plist line 1: the keyword @unknown is not known");
    assertThat(create("-M", path("none"))).isEqualTo(1);
    assertThat(said.toString()).isEqualTo("there is no file " + path("none") + "\n");
    write("m.yaml", "a: [\n");
    assertThat(create("-M", path("m.yaml"))).isEqualTo(1);
    assertThat(said.toString()).contains("m.yaml is no sound YAML");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void exitsWithTwoForWrongUse() throws Exception {
    write("m", MANIFEST);
    assertThat(create()).isEqualTo(2);
    assertThat(said.toString()).startsWith("give either -m DIR or -M FILE");
    assertThat(create("-M", path("m"), "-m", path("."))).isEqualTo(2);
    assertThat(create("-M", path("m"), "-l", "20")).isEqualTo(2);
    assertThat(create("-M", path("m"), "--abi", "amd64")).isEqualTo(2);
    assertThat(create("-M", path("m"), "-t", "-1")).isEqualTo(2);
  }

  @Test
  void saysWhichBinariesAreForeign() throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "lib/libjava.so");
    Files.copy(java, folder.resolve("stage/usr/local/bin/lib"));
    write(
        "m",
        MANIFEST.replace("FreeBSD:14:amd64", "DragonFly:6.4:x86")
            + "files: { /usr/local/bin/lib: '-' }\n");
    assertThat(create("-M", path("m"))).isEqualTo(1);
    assertThat(said.toString())
        .startsWith("slipway: /usr/local/bin/lib is for ")
        .endsWith(", the package for DragonFly:6.4:x86\n");
    assertThat(folder.resolve("out/tool-1.10.pkg")).exists();
  }

  @Test
  void tellsProgramsWhatItWrote() throws Exception {
    write("m", MANIFEST + "files: { /usr/local/bin/tool: '-' }\n");
    assertThat(create("-M", path("m"), "--json")).isZero();
    JsonNode json = new ObjectMapper().readTree(printed.toString());
    assertThat(json.get("version").asText()).isEqualTo("1.10");
    assertThat(json.get("files").asInt()).isEqualTo(1);
  }

  private int create(String... arguments) {
    said.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(List.of("-r", path("stage"), "-o", path("out")));
    all.addAll(List.of(arguments));
    return new CommandLine(new PkgCreateCommand())
        .setOut(new PrintWriter(printed, true))
        .setErr(new PrintWriter(said, true))
        .setExecutionExceptionHandler((fault, line, parsed) -> {
          said.append(fault.getMessage()).append("\n");
          return 1;
        })
        .execute(all.toArray(String[]::new));
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
