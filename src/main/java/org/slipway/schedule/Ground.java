package org.slipway.schedule;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;
import org.slipway.evaluate.Sources;
import org.slipway.tree.Checkout;
import org.slipway.tree.CommitId;

/**
 * The pinned trees of one build. An overlay is seen in a jail by the last name of its path, so a
 * folder of the build's own has a link for each, under the name that it is evaluated by.
 */
final class Ground implements AutoCloseable {
  /** What the folders of ports in overlays start with. */
  static final String OVERLAYS = "overlays/";

  /** Gives an overlay's checkout. */
  interface Pinning {
    Checkout at(String name, CommitId commit) throws IOException;
  }

  private final Checkout tree;
  private final Path links;
  private final List<Sources.Overlay> overlays = new ArrayList<>();
  private final List<Path> folders = new ArrayList<>();

  private Ground(Checkout tree, Path links) {
    this.tree = tree;
    this.links = links;
  }

  /**
   * Pins what lies over a tree.
   *
   * @param tree closed with the rest, also where this fails
   * @param commits by name, in the order in which a port is looked for
   * @param links a folder of the build's own, made where there are overlays
   */
  static Ground open(Checkout tree, Map<String, CommitId> commits, Pinning pinning, Path links)
      throws IOException {
    Ground ground = new Ground(tree, links);
    try {
      for (Map.Entry<String, CommitId> each : commits.entrySet()) {
        ground.add(each.getKey(), pinning.at(each.getKey(), each.getValue()));
      }
      return ground;
    } catch (IOException | RuntimeException e) {
      ground.close();
      throw e;
    }
  }

  private void add(String name, Checkout checkout) throws IOException {
    overlays.add(new Sources.Overlay(name, checkout));
    Path link = Files.createDirectories(links).resolve(name);
    Files.deleteIfExists(link);
    folders.add(Files.createSymbolicLink(link, checkout.directory()));
  }

  /** What is evaluated. */
  Sources sources() {
    return new Sources(tree, overlays);
  }

  /** The fork's folder. */
  Path tree() {
    return tree.directory();
  }

  /** The overlays' folders, each under its name, first wins. */
  List<Path> overlays() {
    return List.copyOf(folders);
  }

  /** Gives the trees back. Links that cannot be removed go at the next start. */
  @Override
  public void close() {
    try {
      for (Path each : folders) {
        Files.deleteIfExists(each);
      }
      Files.deleteIfExists(links);
    } catch (IOException e) {
      LoggerFactory.getLogger(Ground.class).warn("{} was not removed: {}", links, e.toString());
    }
    overlays.forEach(each -> each.checkout().close());
    tree.close();
  }
}
