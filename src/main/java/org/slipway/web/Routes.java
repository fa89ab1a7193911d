package org.slipway.web;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slipway.packages.OriginSpec;
import org.slipway.publish.ChannelName;
import org.slipway.store.BuildId;
import org.slipway.store.JobName;
import org.slipway.store.PackageState;

/**
 * Which address means what. Every name in an address is parsed into its type before anything is
 * read.
 */
final class Routes {
  private static final String NO_JOB = "There is no job of this name.";
  private static final String NO_BUILD = "There is no build of this number.";
  private static final Answer NOWHERE = Answer.missing("There is no page at this address.");

  private final Assets assets;
  private final RepositoryFiles repositories;

  Routes(Assets assets, RepositoryFiles repositories) {
    this.assets = assets;
    this.repositories = repositories;
  }

  Answer answer(Asked asked, Look look) throws IOException {
    List<String> path = asked.path();
    if (path.isEmpty()) {
      return new Answer.View("farm.ftlh", FarmView.read(look));
    }
    List<String> rest = path.subList(1, path.size());
    return switch (path.get(0)) {
      case "jobs" -> jobs(rest, look);
      case "builds" -> builds(rest, asked, look);
      case "repo" -> asked.json() ? NOWHERE : repositories.answer(asked, look);
      case "events" -> rest.isEmpty() ? new Answer.Events(Optional.empty()) : NOWHERE;
      case "assets" -> asset(rest);
      case "favicon.ico" -> rest.isEmpty() ? new Answer.Elsewhere("/assets/icon.svg") : NOWHERE;
      case "api" -> rest.isEmpty() ? new Answer.Plain("api.ftlh") : NOWHERE;
      default -> NOWHERE;
    };
  }

  private Answer asset(List<String> rest) {
    return rest.size() != 1
        ? NOWHERE
        : assets.find(rest.get(0)).<Answer>map(Answer.File::new).orElse(NOWHERE);
  }

  private static Answer jobs(List<String> rest, Look look) throws IOException {
    Optional<JobName> job = rest.isEmpty() ? Optional.empty() : parse(rest.get(0), JobName::new);
    if (job.isEmpty()) {
      return rest.isEmpty() ? new Answer.Elsewhere("/") : Answer.missing(NO_JOB);
    }
    if (rest.size() == 1) {
      return Answer.view("job.ftlh", JobView.read(job.get(), look), NO_JOB);
    }
    if (rest.size() == 3 && rest.get(1).equals("channels")) {
      Optional<ChannelName> channel = parse(rest.get(2), ChannelName::new);
      return Answer.view(
          "channel.ftlh",
          channel.isPresent() ? ChannelView.read(job.get(), channel.get(), look) : Optional.empty(),
          "This job has no such channel.");
    }
    return NOWHERE;
  }

  private static Answer builds(List<String> rest, Asked asked, Look look) throws IOException {
    if (rest.isEmpty()) {
      return new Answer.Elsewhere("/");
    }
    Optional<BuildId> found = parse(rest.get(0), Routes::buildId);
    if (found.isEmpty()) {
      return Answer.missing(NO_BUILD);
    }
    BuildId build = found.get();
    if (rest.size() == 1) {
      return Answer.view("build.ftlh", BuildView.read(build, look), NO_BUILD);
    }
    if (rest.size() == 2) {
      return switch (rest.get(1)) {
        case "packages" -> packages(build, asked, look);
        case "events" -> new Answer.Events(Optional.of(build));
        default -> NOWHERE;
      };
    }
    Optional<OriginSpec> spec = parse(rest.get(1) + "/" + rest.get(2), OriginSpec::parse);
    if (spec.isEmpty()) {
      return Answer.missing("This is no port's name; write category/port or category/port@flavor.");
    }
    if (rest.size() == 4 && rest.get(3).equals("log") && !asked.json()) {
      return new Answer.Log(
          build,
          spec.get(),
          asked.number("from"),
          asked.number("count"),
          asked.parameter("times").equals("1"),
          asked.parameter("raw").equals("1"));
    }
    return rest.size() != 3
        ? NOWHERE
        : Answer.view(
            "package.ftlh",
            PackageView.read(build, spec.get(), LogPart.Wanted.of(asked), look),
            "This build has no such package.");
  }

  private static Answer packages(BuildId build, Asked asked, Look look) {
    String word = asked.parameter("state");
    Optional<PackageState> state = List.of(PackageState.values()).stream()
        .filter(each -> each.word().equals(word))
        .findFirst();
    if (!word.isEmpty() && state.isEmpty()) {
      return new Answer.Problem(400, "There is no such state of a package.");
    }
    String query = asked.parameter("q");
    int page = (int) Math.min(asked.number("page"), Integer.MAX_VALUE);
    return Answer.view(
        "packages.ftlh",
        PackagesView.read(
            build, state, query.substring(0, Math.min(query.length(), 100)), page, look),
        NO_BUILD);
  }

  private static BuildId buildId(String text) {
    if (!text.matches("[1-9][0-9]{0,17}")) {
      throw new IllegalArgumentException("not a build");
    }
    return new BuildId(Long.parseLong(text));
  }

  /** The text as a type that refuses what it cannot be. */
  static <T> Optional<T> parse(String text, Function<String, T> as) {
    try {
      return Optional.of(as.apply(text));
    } catch (IllegalArgumentException refused) {
      return Optional.empty();
    }
  }
}
