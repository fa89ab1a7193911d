package org.slipway.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slipway.evaluate.Target;
import org.slipway.jail.Base;
import org.slipway.packages.Abi;
import org.slipway.publish.ChannelName;
import org.slipway.repository.Layout;
import org.slipway.repository.Terms;
import org.slipway.store.JobName;

/** What a job's repository has to keep to. */
final class PublishingTest {
  @Test
  void refusesPackagesThatAreNewerThanAFreeBsdTarget() {
    Terms terms = Publishing.terms(job("FreeBSD:14:amd64", "14.2-amd64 in /base"));
    assertThat(terms.osVersion()).hasValue(1402000);
    assertThat(terms.abi()).hasValue(Abi.parse("FreeBSD:14:amd64"));
    assertThat(terms.layout()).isEqualTo(Layout.HASHED);
  }

  @Test
  void asksNoOsVersionOfOtherSystems() {
    assertThat(Publishing.terms(job("Linux:3.2:x86_64", "host")).osVersion()).isEmpty();
  }

  private static Job job(String abi, String baseName) {
    Duration hour = Duration.ofHours(1);
    return new Job(
        new JobName("test"),
        new Job.Tree("/srv/git/ports.git", "main"),
        new Target(Abi.parse(abi), new Base.Directory(Path.of("/base")), baseName),
        List.of("all"),
        Job.Settings.NONE,
        new Job.Trigger(hour, Optional.empty()),
        new Job.Build(1, hour, hour, 0, 1 << 20, Optional.empty(), false),
        new Job.Publish(new ChannelName("dev"), "farm", 5, List.of(), 0));
  }
}
