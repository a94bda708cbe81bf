//! A TLS client without retries and without reconnection.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use actix_web::web::Bytes;
use h2::{
    RecvStream, SendStream,
    client::{ResponseFuture, SendRequest},
};
use http::{Method, Request, Response};
use tokio::{net::TcpStream, task::JoinHandle, time::timeout};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore, SupportedProtocolVersion, crypto::ring, pki_types::CertificateDer,
        version::TLS13,
    },
};

/// Time-out after which the server counts as hanging.
const PATIENCE: Duration = Duration::from_secs(20);

/// Completes a TLS handshake for `name`, with `protocols` offered by ALPN.
pub(crate) async fn handshake(
    address: SocketAddr,
    roots: RootCertStore,
    name: &'static str,
    protocols: &[&str],
    version: &'static SupportedProtocolVersion,
) -> io::Result<TlsStream<TcpStream>> {
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_protocol_versions(&[version]);
    let mut config = config.expect("a version").with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let handshake = TlsConnector::from(Arc::new(config)).connect(name.try_into().expect("a name"), stream);
    within(handshake).await
}

/// Certificate of the server.
pub(crate) fn peer_certificate(stream: &TlsStream<TcpStream>) -> CertificateDer<'static> {
    let certificates = stream.get_ref().1.peer_certificates().expect("the server has one");
    certificates[0].clone().into_owned()
}

/// An HTTP/2 connection.
pub(crate) struct Client {
    requests: SendRequest<Bytes>,
    connection: JoinHandle<Result<(), h2::Error>>,
}

/// A complete response.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) head: http::response::Parts,
    pub(crate) body: Vec<u8>,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr, roots: RootCertStore) -> io::Result<Self> {
        let stream = handshake(address, roots, "first.test", &["h2"], &TLS13).await?;
        Self::over(stream, &mut h2::client::Builder::new()).await.map_err(io::Error::other)
    }

    pub(crate) async fn over(
        stream: TlsStream<TcpStream>,
        builder: &mut h2::client::Builder,
    ) -> Result<Self, h2::Error> {
        let (requests, connection) = within(builder.handshake(stream)).await?;
        Ok(Self { requests, connection: tokio::spawn(connection) })
    }

    pub(crate) async fn get(&mut self, path: &str) -> Result<Answer, h2::Error> {
        self.ask(request(Method::GET, path)).await
    }

    pub(crate) async fn ask(&mut self, request: Request<()>) -> Result<Answer, h2::Error> {
        whole(self.send(request).await?).await
    }

    /// Sends `request` without waiting for the response.
    pub(crate) async fn send(&mut self, request: Request<()>) -> Result<ResponseFuture, h2::Error> {
        self.ready().await?;
        self.requests.send_request(request, true).map(|(answer, _)| answer)
    }

    /// Sends `request` and the first `part` of its body.
    pub(crate) async fn begin(
        &mut self,
        request: Request<()>,
        part: &'static [u8],
    ) -> Result<(ResponseFuture, SendStream<Bytes>), h2::Error> {
        self.ready().await?;
        let (answer, mut stream) = self.requests.send_request(request, false)?;
        stream.send_data(part.into(), false)?;
        Ok((answer, stream))
    }

    pub(crate) async fn post(&mut self, path: &str, body: &'static [u8]) -> Result<Answer, h2::Error> {
        self.ready().await?;
        let mut request = request(Method::POST, path);
        request.headers_mut().insert("content-type", http::HeaderValue::from_static("text/plain"));
        let (answer, mut stream) = self.requests.send_request(request, false)?;
        stream.send_data(body.into(), true)?;
        whole(answer).await
    }

    /// Waits until a request may be sent, or until GOAWAY.
    pub(crate) async fn ready(&mut self) -> Result<(), h2::Error> {
        let requests = self.requests.clone();
        self.requests = within(requests.ready()).await?;
        Ok(())
    }

    /// Waits until the server closes. Both sides may close at once, and the GOAWAY of the client fails then.
    pub(crate) async fn closed(&mut self) -> Result<(), h2::Error> {
        let ended = within(&mut self.connection).await.expect("it does not panic");
        let is_closed = |error: &h2::Error| {
            error.get_io().is_some_and(|error| {
                matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset)
            })
        };
        ended.or_else(|error| if is_closed(&error) { Ok(()) } else { Err(error) })
    }
}

pub(crate) fn request(method: Method, path: &str) -> Request<()> {
    Request::builder().method(method).uri(format!("https://first.test{path}")).body(()).expect("a request")
}

pub(crate) async fn whole(answer: ResponseFuture) -> Result<Answer, h2::Error> {
    let (head, body) = within(answer).await.map(Response::into_parts)?;
    Ok(Answer { head, body: rest(body).await? })
}

pub(crate) async fn rest(mut body: RecvStream) -> Result<Vec<u8>, h2::Error> {
    let mut all = Vec::new();
    while let Some(chunk) = within(body.data()).await {
        let chunk = match chunk {
            // NO_ERROR after a response: the rest of the request is not needed (RFC 9113 §8.1).
            Err(error) if error.is_reset() && error.reason() == Some(h2::Reason::NO_ERROR) => break,
            chunk => chunk?,
        };
        all.extend_from_slice(&chunk);
        body.flow_control().release_capacity(chunk.len())?;
    }
    Ok(all)
}

pub(crate) async fn within<T>(future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.expect("the server hangs")
}

impl Answer {
    pub(crate) fn status(&self) -> u16 {
        self.head.status.as_u16()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.headers.get(name).map(|value| value.to_str().expect("text"))
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }
}
