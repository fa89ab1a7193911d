package org.slipway.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.slipway.packages.Abi;
import org.slipway.packages.Digest;
import org.slipway.packages.Origin;
import org.slipway.packages.PackageName;
import org.slipway.repository.Provenance;
import org.slipway.repository.Snapshot;
import org.slipway.repository.SnapshotId;

final class ComparisonTest {
  private static final Abi ABI = Abi.parse("FreeBSD:14:amd64");

  @Test
  void saysWhatBecameOfEachPackage() {
    Comparison comparison = Comparison.of(
        snapshot("a", "gone-1.0 1", "old-1.9 100", "new-2.0,1 100", "same-1 5", "again-1 7"),
        snapshot("b", "old-1.10 150", "new-3.0 90", "same-1 5", "again-1 9", "fresh-1 20"));
    assertThat(comparison.differences())
        .extracting(each -> each.kind() + " " + each.name() + " " + each.from().orElse("") + " "
            + each.to().orElse("") + " " + each.bytes())
        .containsExactly(
            "REBUILT again 1 1 2",
            "ADDED fresh  1 20",
            "REMOVED gone 1.0  -1",
            "DOWNGRADED new 2.0,1 3.0 -10",
            "UPGRADED old 1.9 1.10 50");
    assertThat(comparison.same()).isEqualTo(1);
    assertThat(comparison.from().packages()).isEqualTo(5);
    assertThat(comparison.from().bytes()).isEqualTo(213);
    assertThat(comparison.to().bytes()).isEqualTo(274);
  }

  @Test
  void takesAnotherTextOfTheSameVersionForARebuild() {
    Comparison comparison = Comparison.of(snapshot("a", "x-1.0 1"), snapshot("b", "x-1 2"));
    assertThat(comparison.differences())
        .singleElement()
        .extracting(Comparison.Difference::kind)
        .isEqualTo(Comparison.Kind.REBUILT);
  }

  @Test
  void losesNoPackageWhereTwoHaveOneName() {
    Comparison comparison =
        Comparison.of(snapshot("a", "x-1 1", "x-2 2"), snapshot("b", "x-2 2", "x-3 3"));
    assertThat(comparison.same()).isEqualTo(1);
    assertThat(comparison.differences())
        .singleElement()
        .satisfies(each -> assertThat(each.from()).contains("1"))
        .satisfies(each -> assertThat(each.to()).contains("3"));
  }

  /** Packages by name, version and size, which stands for their bytes too. */
  private static Snapshot snapshot(String digit, String... packages) {
    return new Snapshot(
        new SnapshotId(digit.repeat(16)),
        Path.of(digit),
        Arrays.stream(packages).map(ComparisonTest::listed).toList(),
        Digest.of(digit),
        Provenance.UNKNOWN);
  }

  private static Snapshot.Listed listed(String text) {
    PackageName name = PackageName.parse(text.split(" ", -1)[0]);
    return new Snapshot.Listed(
        name,
        new Origin("misc", name.base()),
        ABI,
        Digest.of(text),
        Long.parseLong(text.split(" ", -1)[1]),
        "All/" + name + ".pkg");
  }
}
