package org.slipway;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slipway.jail.BaseException;
import org.slipway.jail.BaseId;
import org.slipway.jail.BaseName;
import org.slipway.jail.Bases;
import org.slipway.jail.KeptBase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the kept bases, and whether they are what they were. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Shows the kept bases: system, id, size, age and who uses them.",
      "Exit status 1 where one is broken, or --verify finds one that was changed."
    })
final class BaseListCommand implements Callable<Integer> {
  @Mixin
  private BaseOptions options = new BaseOptions();

  @Option(names = "--verify", description = "read every file and compare it with the base's id")
  private boolean verify;

  @Option(names = "--json", description = "one JSON object a base and line")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Bases bases = options.there();
    PrintWriter out = options.out();
    List<String> changed = new ArrayList<>();
    List<KeptBase> all = kept(bases, changed);
    if (!json) {
      BaseText.head(all, out);
    }
    for (KeptBase base : all) {
      List<String> users = BaseJobs.naming(options.home(), base.name());
      users.addAll(bases.users(base.name()));
      Optional<BaseId> found = verify ? read(bases, base, out) : Optional.empty();
      found
          .filter(id -> !base.id().equals(Optional.of(id)))
          .ifPresent(
              id -> changed.add("CHANGED  " + base.name() + ": its content is " + id + " now"));
      if (json) {
        BaseJson.write(base, users, found, out);
      } else {
        BaseText.line(base, users, out);
      }
    }
    if (json) {
      changed.forEach(each -> System.err.println("slipway: " + each));
    } else {
      changed.forEach(out::println);
      if (verify && changed.isEmpty() && !all.isEmpty()) {
        out.println("all are what they were when they were made");
      }
    }
    out.flush();
    return changed.isEmpty() ? 0 : 1;
  }

  private static List<KeptBase> kept(Bases bases, List<String> broken) throws IOException {
    List<KeptBase> all = new ArrayList<>();
    for (BaseName name : bases.names()) {
      try {
        bases.find(name).ifPresent(all::add);
      } catch (BaseException e) {
        broken.add("BROKEN   " + name + ": " + e.getMessage());
      }
    }
    return all;
  }

  private Optional<BaseId> read(Bases bases, KeptBase base, PrintWriter out) throws IOException {
    if (base.id().isEmpty()) {
      return Optional.empty();
    }
    BaseProgressLine progress = new BaseProgressLine(out, Main.terminal() && !json, true);
    try {
      return Optional.of(bases.read(base, progress));
    } finally {
      progress.wipe();
    }
  }
}
