package org.slipway;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slipway.poudriere.BulkSettings;
import org.slipway.schedule.Job;

/**
 * Reads {@code overlays} of a job's tree: addresses, or mappings of {@code url}, {@code branch} and
 * {@code name}, in the order in which a port is looked for.
 */
final class OverlaySection {
  private static final String KEY = "overlays";

  /** Each is mounted in every jail and fetched at every look. */
  private static final int MOST = 16;

  private static final Form<String> NAME = Form.matching(
      "a name of letters, digits, dots, dashes and underscores, 64 at most, no dot or dash first",
      Job.Overlay.NAME);

  private final Path home;

  /** @param home what relative paths start from */
  OverlaySection(Path home) {
    this.home = home;
  }

  /**
   * Reads them.
   *
   * @param url of the fork, where that is right
   */
  List<Job.Overlay> read(Section tree, Optional<String> url, String branch) {
    Form<String> address = TreeAddress.form(home);
    List<Job.Overlay> overlays = new ArrayList<>();
    tree.mixed(
        KEY, address, word -> add(overlays, word, "main", Optional.empty(), tree, KEY), below -> {
          Optional<String> place = below.require("url", address);
          String own = below.read("branch", TreeAddress.BRANCH, "main");
          Optional<String> name = below.read("name", NAME);
          below.end();
          if (place.isPresent() && (name.isPresent() || !below.has("name"))) {
            add(overlays, place.get(), own, name, below, name.isPresent() ? "name" : "url");
          }
        });
    if (overlays.size() > MOST) {
      tree.wrong(KEY, "found " + overlays.size() + " overlays, and " + MOST + " are the most");
    }
    for (Job.Overlay each : overlays) {
      if (url.isPresent() && url.get().equals(each.url()) && branch.equals(each.branch())) {
        tree.wrong(KEY, each.name() + " is the fork itself, which cannot lie over itself");
      }
    }
    return overlays;
  }

  private static void add(
      List<Job.Overlay> overlays,
      String url,
      String branch,
      Optional<String> given,
      Section where,
      String key) {
    String name = given.orElseGet(() -> last(url));
    if (!name.matches(Job.Overlay.NAME)) {
      where.wrong(
          key,
          "no name follows from " + Quoted.of(url)
              + "; write { url: ..., name: NAME }, which is where ports see it below /overlays");
    } else if (overlays.stream().anyMatch(each -> each.name().equals(name))) {
      where.wrong(
          key,
          "two overlays are called " + name + "; give one of them another name, as in"
              + " { url: ..., name: NAME }");
    } else {
      overlays.add(new Job.Overlay(name, url, branch));
    }
  }

  /** {@code private} of {@code git@host:farm/private.git}. */
  private static String last(String url) {
    return url.replaceFirst("/+$", "")
        .replaceFirst("(/?\\.git)$", "")
        .replaceFirst("^.*[/:]", "")
        .replaceAll("[^A-Za-z0-9_.-]", "-");
  }

  /** Poudriere's trees have names of another form. */
  static void checkFor(BulkSettings poudriere, Job.Tree tree, Section top) {
    for (Job.Overlay each : tree.overlays()) {
      if (!each.name().matches(BulkSettings.NAME)) {
        top.wrong(
            "tree",
            "poudriere takes no overlay called " + each.name() + "; give it a name of letters,"
                + " digits, dashes and underscores by overlays: [ { url: ..., name: NAME } ]");
      } else if (each.name().equals(poudriere.ports())) {
        top.wrong(
            "tree",
            "the overlay " + each.name() + " has the name that poudriere-engine: { ports } gives"
                + " the fork; give it another by overlays: [ { url: ..., name: NAME } ]");
      }
    }
  }
}
