package org.slipway.jail;

import org.junit.jupiter.api.Nested;

/** What builds may try, under every kind of jail that claims to hold them; {@link HostileGround} says which is where. */
final class HostileBuildsTest {
  @Nested
  final class NetworkUnderRunc extends HostileNetwork {
    NetworkUnderRunc() {
      super(Containment.RUNC);
    }
  }

  @Nested
  final class NetworkUnderCrun extends HostileNetwork {
    NetworkUnderCrun() {
      super(Containment.CRUN);
    }
  }

  @Nested
  final class NetworkUnderUnshare extends HostileNetwork {
    NetworkUnderUnshare() {
      super(Containment.UNSHARE);
    }
  }

  @Nested
  final class FilesUnderRunc extends HostileFiles {
    FilesUnderRunc() {
      super(Containment.RUNC);
    }
  }

  @Nested
  final class FilesUnderCrun extends HostileFiles {
    FilesUnderCrun() {
      super(Containment.CRUN);
    }
  }

  @Nested
  final class FilesUnderUnshare extends HostileFiles {
    FilesUnderUnshare() {
      super(Containment.UNSHARE);
    }
  }

  @Nested
  final class RightsUnderRunc extends HostileRights {
    RightsUnderRunc() {
      super(Containment.RUNC);
    }
  }

  @Nested
  final class RightsUnderCrun extends HostileRights {
    RightsUnderCrun() {
      super(Containment.CRUN);
    }
  }

  @Nested
  final class RightsUnderUnshare extends HostileRights {
    RightsUnderUnshare() {
      super(Containment.UNSHARE);
    }
  }

  @Nested
  final class ResourcesUnderRunc extends HostileResources {
    ResourcesUnderRunc() {
      super(Containment.RUNC);
    }
  }

  @Nested
  final class ResourcesUnderCrun extends HostileResources {
    ResourcesUnderCrun() {
      super(Containment.CRUN);
    }
  }

  @Nested
  final class ResourcesUnderUnshare extends HostileResources {
    ResourcesUnderUnshare() {
      super(Containment.UNSHARE);
    }
  }

  @Nested
  final class BaseUnderRunc extends HostileBase {
    BaseUnderRunc() {
      super(Containment.RUNC);
    }
  }

  @Nested
  final class BaseUnderCrun extends HostileBase {
    BaseUnderCrun() {
      super(Containment.CRUN);
    }
  }

  @Nested
  final class BaseUnderUnshare extends HostileBase {
    BaseUnderUnshare() {
      super(Containment.UNSHARE);
    }
  }
}
