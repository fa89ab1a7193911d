package org.slipway;

import java.io.IOException;
import org.slipway.packages.Abi;

/** Says what packages that are built on this host run on. */
@FunctionalInterface
public interface AbiSource {
  /** @throws IOException where the host does not say; the message is for a person */
  Abi detect() throws IOException;
}
