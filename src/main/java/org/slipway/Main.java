package org.slipway;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slipway.packages.HostAbi;
import org.slipway.schedule.FarmException;
import org.slipway.schedule.Home;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line. Exit status: 0 done, 1 failed, 2 wrong use. */
@Command(
    name = "slipway",
    description = "A package build farm for forks of the FreeBSD ports tree.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Done by the launcher itself:",
      "  setup   install what this host lacks",
      "  test    the whole check: build, formatter, tests"
    })
public final class Main implements Callable<Integer> {
  private static final Path SHELL = Path.of("/bin/sh");

  @CommandLine.Spec
  private CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(commandLine(arguments).execute(arguments));
  }

  private static CommandLine commandLine(String... arguments) {
    CommandLine line = new CommandLine(new Main());
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("demo", DemoCommand::new);
    commands.put("serve", ServeCommand::new);
    commands.put("evaluate", EvaluateCommand::new);
    commands.put("graph", GraphCommand::new);
    commands.put("testport", TestportCommand::new);
    commands.put("build", BuildCommand::new);
    commands.put("base", BaseCommand::new);
    commands.put("logs", LogsCommand::new);
    commands.put("cancel", CancelCommand::new);
    commands.put("channel", ChannelCommand::new);
    commands.put("pkg", PkgCommand::new);
    commands.put("repo", RepoCommand::new);
    commands.put("key", KeyCommand::new);
    commands.put("doctor", DoctorCommand::new);
    commands.put("bench", BenchCommand::new);
    // To look at the options of all would be most of a short command's time.
    if (arguments.length > 0 && commands.containsKey(arguments[0])) {
      commands.keySet().retainAll(Set.of(arguments[0]));
    }
    commands.values().forEach(make -> line.addSubcommand(make.get()));
    line.setUsageHelpWidth(80);
    line.setExecutionExceptionHandler(Main::complain);
    WrongUse.answer(line);
    return line;
  }

  /** A person's mistake or the host's gets its sentence; only what is our own fault shows where it happened. */
  private static int complain(Exception fault, CommandLine line, CommandLine.ParseResult parsed) {
    if (fault instanceof IOException && fault.getMessage() != null) {
      System.err.println("slipway: " + fault.getMessage());
    } else {
      System.err.println(
          "slipway: this is a fault of Slipway's own; please report it with what follows");
      fault.printStackTrace();
    }
    return 1;
  }

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(
        java.util.Objects.requireNonNull(spec).commandLine(),
        "which command? See ./slipway --help");
  }

  /** Where templates, web, jobs and src/demo are; the launcher says so. */
  static Path program() {
    return Path.of(System.getProperty("slipway.dir", ".")).toAbsolutePath().normalize();
  }

  static boolean terminal() {
    return "yes".equals(System.getProperty("slipway.terminal"));
  }

  static PrintStream out() {
    return new PrintStream(System.out, false, StandardCharsets.UTF_8);
  }

  @Command(
      name = "demo",
      mixinStandardHelpOptions = true,
      description = {
        "A farm on a sample fork: builds, publishes and serves it, then commits to the fork and follows."
      })
  static final class DemoCommand implements Callable<Integer> {
    @Option(
        names = "--home",
        paramLabel = "DIR",
        description = "the farm's folder (default: target/demo beside the launcher)")
    private @org.jspecify.annotations.Nullable Path home;

    @Option(
        names = "--port",
        paramLabel = "N",
        description =
            "where the status page listens, 0 for any free port (default: ${DEFAULT-VALUE})")
    private int port = 8080;

    @Option(names = "--once", description = "stop when the update is published")
    private boolean once;

    @Override
    public Integer call() throws Exception {
      Path folder = home == null ? program().resolve("target/demo") : home;
      return new Demo(program(), folder, port, once, terminal(), () -> HostAbi.detect(SHELL), out())
          .run();
    }
  }

  @Command(
      name = "serve",
      mixinStandardHelpOptions = true,
      description = "Runs the farm that HOME/slipway.yaml and HOME/jobs/*.yaml describe.")
  static final class ServeCommand implements Callable<Integer> {
    @Option(
        names = "--home",
        paramLabel = "DIR",
        required = true,
        description = "the farm's folder")
    private Path home = Path.of(".");

    @Option(
        names = "--port",
        paramLabel = "N",
        description = "where the status page listens, instead of what slipway.yaml says")
    private @org.jspecify.annotations.Nullable Integer port;

    @Override
    public Integer call() throws Exception {
      FarmConfig config = FarmConfig.read(home, () -> HostAbi.detect(SHELL));
      if (config.jobs().isEmpty()) {
        throw new FarmException(
            "there is no job in " + home.resolve("jobs") + "; write one, jobs/demo.yaml shows how");
      }
      FarmConfig asked =
          port == null ? config : config.withListen(config.listen().withPort(port));
      try (RunningFarm farm = RunningFarm.open(Home.open(home), asked, program())) {
        farm.start();
        System.out.println("status page   " + farm.web().address());
        farm.web()
            .encryptedAddress()
            .ifPresent(each -> System.out.println("encrypted     " + each));
        System.out.println("jails         " + farm.jails().containment().sentence());
        new Semaphore(0).acquire();
      }
      return 0;
    }
  }

  /** From the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {
        "slipway " + (version == null ? "from its sources" : version) + ", Java "
            + Runtime.version().feature()
      };
    }
  }
}
