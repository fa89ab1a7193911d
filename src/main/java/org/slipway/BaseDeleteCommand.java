package org.slipway;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.slipway.jail.BaseName;
import org.slipway.jail.Bases;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deletes a kept base that nobody uses. */
@Command(
    name = "delete",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Deletes a base, where no job file names it and no jail uses it.")
final class BaseDeleteCommand implements Callable<Integer> {
  @Mixin
  private BaseOptions options = new BaseOptions();

  @Option(names = "--force", description = "even where it is used; builds in it then fail")
  private boolean force;

  @Parameters(paramLabel = "NAME")
  private String name = "";

  @Override
  public Integer call() throws IOException {
    BaseName asked = options.name(name);
    Bases bases = options.there();
    List<String> jobs = BaseJobs.naming(options.home(), asked);
    if (!jobs.isEmpty() && !force && bases.find(asked).isPresent()) {
      throw new IOException("the base " + asked + " is named in " + String.join(" and ", jobs)
          + "; change that first, or give --force");
    }
    bases.delete(asked, force);
    options.out().println("the base " + asked + " is deleted");
    options.out().flush();
    return 0;
  }
}
