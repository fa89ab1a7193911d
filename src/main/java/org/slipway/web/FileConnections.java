package org.slipway.web;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;

/** HTTP/1.1 whose connections begin as ones for files, and become the server's full ones when more is asked for. */
final class FileConnections extends HttpConnectionFactory {
  private final FileDesk desk;
  private final Downloads downloads;

  FileConnections(HttpConfiguration http, FileDesk desk, Downloads downloads) {
    super(http);
    this.desk = desk;
    this.downloads = downloads;
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    return endPoint instanceof FileEndPoint wire
        ? configure(
            new FileConnection(
                wire, connector, desk, downloads, () -> super.newConnection(connector, endPoint)),
            connector,
            endPoint)
        : super.newConnection(connector, endPoint);
  }
}
