package org.slipway.store;

import java.util.Optional;
import org.slipway.packages.OriginSpec;

/** Something changed: read it anew. The package is absent where the build as a whole changed. */
public record FarmEvent(JobName job, BuildId build, Optional<OriginSpec> spec) {}
