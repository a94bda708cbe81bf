//! Globals of the engine's script, by which it sends requests to its host.

use std::{cell::RefCell, rc::Rc};

use rquickjs::{Ctx, Exception, Function};

use super::protocol::{Channel, Request};

/// The channel of the current job; each job has a channel of its own.
#[derive(Clone, Default)]
pub(super) struct Connection(Rc<RefCell<Option<Channel>>>);

impl Connection {
    pub(super) fn connect(&self, channel: Channel) {
        self.0.replace(Some(channel));
    }

    /// Closes the channel, which ends the host's loop.
    pub(super) fn disconnect(&self) {
        self.0.take();
    }

    fn channel(&self, js: &Ctx<'_>) -> rquickjs::Result<Channel> {
        let channel = self.0.borrow().clone();
        channel.ok_or_else(|| Exception::throw_message(js, "the build has ended"))
    }

    fn request(&self, js: &Ctx<'_>, request: Request) -> rquickjs::Result<String> {
        let response = self.channel(js)?.request(request);
        response.map_err(|problem| Exception::throw_message(js, &problem))
    }
}

/// Defines the functions `hostFunction`, `hostLoadModule`, `hostLoadStylesheet` and `hostWarn`.
pub(super) fn install_globals<'js>(js: &Ctx<'js>, connection: &Connection) -> rquickjs::Result<()> {
    let globals = js.globals();
    let host = connection.clone();
    let function = move |js: Ctx<'js>, source: String, path: String| function(&js, &host, source, path);
    globals.set("hostFunction", Function::new(js.clone(), function)?)?;
    let load = |request: fn(String, String) -> Request| {
        let host = connection.clone();
        let load = move |js: Ctx<'_>, id: String, base: String| host.request(&js, request(id, base));
        Function::new(js.clone(), load)
    };
    globals.set("hostLoadModule", load(|id, base| Request::Module { id, base })?)?;
    globals.set("hostLoadStylesheet", load(|id, base| Request::StyleSheet { id, base })?)?;
    let host = connection.clone();
    let warn = move |js: Ctx<'_>, text: String| host.request(&js, Request::Warning { text });
    globals.set("hostWarn", Function::new(js.clone(), warn)?)
}

fn function<'js>(
    js: &Ctx<'js>,
    host: &Connection,
    source: String,
    path: String,
) -> rquickjs::Result<Function<'js>> {
    let bytecode = host.channel(js)?.bytecode(source, path);
    bytecode.map_err(|problem| Exception::throw_message(js, &problem))?.load(js)
}
