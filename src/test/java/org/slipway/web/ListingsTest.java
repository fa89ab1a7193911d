package org.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.repository.SnapshotId;
import org.slipway.web.SampleFarm.Served;

@ExtendWith(SampleFarm.class)
class ListingsTest {
  private final Served sample;

  @TempDir
  Path home;

  ListingsTest(Served sample) {
    this.sample = sample;
  }

  private PlainFarm farm() throws IOException {
    return new PlainFarm(sample.sample(), home);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void listsThirtyThousandNamesAPageAtATime() throws Exception {
    try (PlainFarm farm = farm()) {
      SnapshotId id = farm.snapshot(1, Map.of("All/p00000.pkg", text("0")));
      Path first = farm.folder(id).resolve("All/p00000.pkg");
      for (int i = 1; i < 30_000; i++) {
        Files.createLink(first.resolveSibling("p%05d.pkg".formatted(i)), first);
      }
      farm.publish(id);
      String page = Web.get(farm.uri("All/")).body();
      assertThat(page)
          .contains("30000</b> names, page 1 of 60", "./p00000.pkg", "./p00499.pkg")
          .doesNotContain("./p00500.pkg");
      String last = Web.get(farm.uri("All/?page=60")).body();
      assertThat(last).contains("./p29999.pkg").doesNotContain("./p29499.pkg");
      assertThat(Web.get(farm.uri("All/?q=p2999&sort=name&order=down")).body())
          .contains("10</b> names with", "./p29995.pkg")
          .doesNotContain("p00000");
      Files.createLink(first.resolveSibling("zz.pkg"), first);
      assertThat(Web.get(farm.uri("All/")).body()).contains("30001</b> names");
    }
  }

  @Test
  void listsOfAHashedSnapshotItsOwnPackages() throws Exception {
    try (PlainFarm farm = farm()) {
      SnapshotId id = farm.snapshot(1, Map.of("data.pkg", text("catalogue")));
      Path pool = Files.createDirectories(farm.folder(id).resolveSibling(".pool/Hashed"));
      String sum = "0123456789".repeat(7).substring(0, 64);
      Files.writeString(pool.resolve("foo-1.0~0123456789.pkg"), "foo");
      Files.writeString(pool.resolve("other-1.0~0123456789.pkg"), "of another snapshot");
      Files.createSymbolicLink(farm.folder(id).resolve("All"), Path.of("../.pool"));
      Files.writeString(farm.folder(id).resolve(".packages"), "foo-1.0 " + sum + " 3\n");
      farm.publish(id);
      assertThat(Web.get(farm.uri("All/")).body())
          .contains("./foo-1.0.pkg", "./Hashed/")
          .doesNotContain("other");
      assertThat(Web.get(farm.uri("All/Hashed/")).body())
          .contains("foo-1.0~0123456789.pkg")
          .doesNotContain("other");
      assertThat(Web.get(farm.uri("All/foo-1.0.pkg")).body()).isEqualTo("foo");
      assertThat(Web.get(farm.uri("All/Hashed/foo-1.0~0123456789.pkg")).body()).isEqualTo("foo");
      assertThat(Web.get(farm.uri("All/other-1.0.pkg")).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void escapesHostileNamesInListings() throws Exception {
    String script = "<script>alert(1)<\u2044script>.pkg";
    Map<String, byte[]> files = new TreeMap<>(Map.of(
        "All/" + script,
        text("1"),
        "All/a\"onmouseover=x.pkg",
        text("2"),
        "All/\u202Egkp.exe",
        text("3"),
        "All/new\nline.pkg",
        text("4"),
        "All/50%41.pkg",
        text("5"),
        "All/.hidden",
        text("6"),
        "All/javascript:alert(1)",
        text("7")));
    try (PlainFarm farm = farm()) {
      farm.publish(farm.snapshot(1, files));
      String page = Web.get(farm.uri("All/?q=%3Cscript%3E")).body();
      assertThat(page).doesNotContain("<script>alert", "q=<", "\u202E").contains("&lt;script&gt;");
      page = Web.get(farm.uri("All/")).body();
      assertThat(page)
          .doesNotContain("<script>alert", "\"a\"on", "\u202E", ".hidden", "href=\"javascript")
          .contains("&lt;script&gt;alert", "new line.pkg", "6</b> names");
      Matcher link = Pattern.compile("href=\"\\./([^\"]+)\"").matcher(page);
      int links = 0;
      while (link.find()) {
        links++;
        assertThat(Web.get(farm.uri("All/" + link.group(1))).statusCode())
            .as(link.group(1))
            .isEqualTo(200);
      }
      assertThat(links).isEqualTo(4);
    }
  }
}
