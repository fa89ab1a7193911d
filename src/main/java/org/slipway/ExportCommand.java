package org.slipway;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.publish.ChannelName;
import org.slipway.publish.Export;
import org.slipway.publish.Publisher;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Lays a channel out as a plain folder. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Lays a channel out as a folder for another web server or rsync.",
      "To be run again after each move; clients may fetch from it meanwhile."
    })
final class ExportCommand implements Callable<Integer> {
  @ParentCommand
  private @Nullable ChannelCommand parent;

  @Mixin
  private ChannelOptions options = new ChannelOptions();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "the folder: a new or an empty one, or an earlier export of the channel")
  private Path out = Path.of("");

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      defaultValue = "1h",
      description =
          "how long packages stay that the catalogue has no more (default: ${DEFAULT-VALUE})")
  private String grace = "1h";

  @Parameters(paramLabel = "CHANNEL")
  private String channel = "";

  @Override
  public Integer call() throws IOException {
    Publisher publisher = options.publisher();
    ChannelName name = options.there(publisher, channel);
    Export.Result result = new Export(publisher, name, InstantSource.system(), time()).to(out);
    PrintStream printed = Objects.requireNonNull(parent).out();
    if (options.json()) {
      ChannelJson.export(result, printed);
    } else {
      Wrapped.print(
          printed,
          "channel " + name + " is in " + out + " as of " + ChannelText.moment(result.at())
              + " UTC, snapshot " + result.snapshot());
      Wrapped.print(
          printed,
          result.written() + " files written (" + ChannelText.size(result.copiedBytes())
              + " copied, the rest linked), " + result.same() + " the same, " + result.leaving()
              + " old ones stay for now, " + result.removed() + " removed");
    }
    printed.flush();
    return 0;
  }

  private Duration time() {
    try {
      return "0".equals(grace) ? Duration.ZERO : Form.DURATION.read(grace);
    } catch (IllegalArgumentException e) {
      throw options.wrong(
          "--grace " + Quoted.of(grace) + " is not " + Form.DURATION.expected() + ", or 0");
    }
  }
}
