package org.slipway.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.slipway.jail.Containment;

/** Gives tests one served sample farm, made once for all of them and removed after the last. */
final class SampleFarm implements ParameterResolver {
  /** The farm and its address, such as {@code http://127.0.0.1:4711}. */
  record Served(SampleSite sample, StatusServer server, Path home) implements AutoCloseable {
    String at(String path) {
      return server.address().toString().replaceFirst("/$", "") + path;
    }

    URI uri(String path) {
      return URI.create(at(path));
    }

    static Served open() {
      try {
        Path home = Files.createTempDirectory("slipway-web");
        SampleSite sample = SampleSite.open(home);
        sample.clock.letGo();
        return new Served(
            sample, StatusServer.start(sample.site(Containment.RUNC), "127.0.0.1", 0), home);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
      sample.close();
      List<Path> all;
      try (Stream<Path> found = Files.walk(home)) {
        all = found.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path each : all) {
        Files.delete(each);
      }
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Served.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(SampleFarm.class))
        .getOrComputeIfAbsent("farm", key -> Served.open(), Served.class);
  }
}
