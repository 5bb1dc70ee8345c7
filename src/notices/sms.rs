//! SMS by SMPP 3.4: one bind as transceiver, kept open. A centre that has forgotten the bind, or says nothing, is bound to anew.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use rusmpp::pdus::{BindTransceiver, DeliverSm, DeliverSmResp, SubmitSm};
use rusmpp::tlvs::TlvValue;
use rusmpp::types::{COctetString, OctetString};
use rusmpp::values::{
    DataCoding, EsmClass, InterfaceVersion, MessageState, MessageType, Npi, RegisteredDelivery, Ton,
};
use rusmpp::{CommandStatus, Pdu};
use rusmppc::error::Error;
use rusmppc::{Client, ConnectionBuilder, Event};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;

use super::carrier::{BoxFuture, Carrier, Delivery};
use super::content::Body;
use super::outgoing_message::OutgoingMessage;
use super::receipts::{Receipt, Receipts};
use super::sms_text::{self, Alphabet};
use crate::base::{random_bytes, seconds};
use crate::config::SmsUrl;

const CONNECT_WITHIN: Duration = seconds(10);
const ANSWER_WITHIN: Duration = seconds(8);
/// A silent centre is found out within the sum of both: less than ten seconds.
const ENQUIRE_EVERY: Duration = seconds(4);
const ENQUIRE_WITHIN: Duration = seconds(5);
const LEAVE_WITHIN: Duration = seconds(2);
const OF_USE_AFTER: Duration = seconds(30);
/// So long a message whose part was refused for want of a bind waits for the next one.
const REBIND_WITHIN: Duration = seconds(12);
/// For all parts of one message.
const PATIENCE: Duration = seconds(30);
/// Between tries to connect: the first wait, doubling up to the last.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LAST_WAIT: Duration = seconds(10);

/// `esm_class`: an ordinary message; the same with a header in its text. The crate's default says "acknowledgement".
const ESM_PLAIN: u8 = 0;
const ESM_WITH_HEADER: u8 = 0x40;
/// `registered_delivery`: tell the final outcome, whichever it is.
const WANT_RECEIPT: u8 = 1;

/// A bind that stands: its number tells it from the next one.
#[derive(Clone)]
struct Bind {
    number: u64,
    client: Client,
}

/// How a session ended that had been bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// It had taken messages, or stood for long: the next one is bound at once.
    Used,
    /// Neither: whoever binds us and knows us no more a moment later is not asked without end.
    Useless,
}

/// The SMS centre as a carrier.
pub struct Sms {
    url: SmsUrl,
    bound: watch::Sender<Option<Bind>>,
    /// The number of the last bind that took a message.
    of_use: AtomicU64,
    binds: AtomicU64,
    is_closing: AtomicBool,
}

impl Sms {
    /// Does not connect: `keep` does.
    pub fn new(url: &SmsUrl) -> Sms {
        Sms {
            url: url.clone(),
            bound: watch::Sender::new(None),
            of_use: AtomicU64::new(0),
            binds: AtomicU64::new(0),
            is_closing: AtomicBool::new(false),
        }
    }

    /// One session from connecting to its end. Ok when it had been bound.
    async fn session(&self, receipts: &Receipts) -> Result<Ended, Cow<'static, str>> {
        let connect = TcpStream::connect((self.url.host.as_str(), self.url.port));
        let stream = timeout(CONNECT_WITHIN, connect)
            .await
            .map_err(|_late| "no answer")?
            .map_err(|_error| "no connection")?;
        let _ = stream.set_nodelay(true);
        let (client, mut events, connection) = ConnectionBuilder::new()
            .enquire_link_interval(ENQUIRE_EVERY)
            .enquire_link_response_timeout(ENQUIRE_WITHIN)
            .response_timeout(ANSWER_WITHIN)
            .disable_interface_version_check()
            .no_spawn()
            .connected(stream);
        // The crate logs whole PDUs, with passwords and texts, at the level `debug`.
        let connection = Connection(tokio::spawn(connection.with_subscriber(NoSubscriber::new())));
        client.bind_transceiver(self.bind()?).await.map_err(|error| class(&error))?;
        tracing::info!(centre = ?self.url, "bound to the SMS centre");
        let since = Instant::now();
        let number = self.binds.fetch_add(1, Ordering::Relaxed) + 1;
        self.bound.send_replace(Some(Bind { number, client: client.clone() }));
        let mut watched = self.bound.subscribe();
        loop {
            let event = tokio::select! {
                event = events.next() => event,
                // Whoever hands over has found the bind gone: nothing more is to be said on this line.
                () = gone(&mut watched, number) => break,
            };
            let Some(event) = event else { break };
            match event {
                Event::Incoming(command) if means_unbound(command.status()) => {
                    tracing::warn!(class = %refused(command.status()), "the SMS centre has forgotten the bind");
                    break;
                }
                Event::Incoming(command) => match command.pdu() {
                    Some(Pdu::DeliverSm(sm)) => take(&client, command.sequence_number(), sm, receipts).await,
                    Some(Pdu::Unbind) => {
                        let _ = client.unbind_resp(command.sequence_number()).await;
                        break;
                    }
                    _ => {}
                },
                Event::Error(error) => {
                    tracing::warn!(class = %class(&error), "the connection to the SMS centre is lost");
                    break;
                }
            }
        }
        self.drop_bind(number);
        drop(connection);
        let was_of_use = self.of_use.load(Ordering::Relaxed) == number || since.elapsed() > OF_USE_AFTER;
        Ok(if was_of_use { Ended::Used } else { Ended::Useless })
    }

    /// Gives a bind up, unless another one stands already: `keep` binds anew.
    fn drop_bind(&self, number: u64) {
        self.bound.send_if_modified(|bound| {
            let ours = bound.as_ref().is_some_and(|bound| bound.number == number);
            if ours {
                *bound = None;
            }
            ours
        });
    }

    /// One part on the bind that stands; on the next one where the centre knows this one no more. It had not taken the part: it
    /// comes once. A centre that says nothing is left as well, but nobody knows whether it took the part.
    async fn submit(&self, part: SubmitSm) -> Result<String, Delivery> {
        let mut first = true;
        loop {
            let bound = self.bound.borrow().clone();
            let Some(Bind { number, client }) = bound else {
                return Err(Delivery::Later { class: "no connection".into() });
            };
            let error = match client.submit_sm(part.clone()).await {
                Ok(answer) => {
                    self.of_use.store(number, Ordering::Relaxed);
                    return Ok(answer.message_id().as_str().to_owned());
                }
                Err(error) => error,
            };
            let forgotten = refusal(&error).is_some_and(means_unbound);
            if forgotten || matches!(error, Error::ResponseTimeout { .. }) {
                tracing::warn!(class = %class(&error), "the SMS centre has forgotten the bind, or is silent");
                self.drop_bind(number);
            }
            let again = forgotten && first && timeout(REBIND_WITHIN, self.ready()).await.is_ok();
            if !again {
                return Err(judge(&error));
            }
            first = false;
        }
    }

    fn bind(&self) -> Result<BindTransceiver, Cow<'static, str>> {
        Ok(BindTransceiver::builder()
            .system_id(c_string(&self.url.system_id).ok_or("unusable system_id")?)
            .password(c_string(&self.url.password).ok_or("unusable password")?)
            .interface_version(InterfaceVersion::Smpp3_4)
            .build())
    }

    /// One `submit_sm` for each part.
    fn submissions(&self, message: &OutgoingMessage) -> Option<Vec<SubmitSm>> {
        let Body::Sms { text } = &message.body else { return None };
        let [.., reference] = message.id.as_i64().to_be_bytes();
        let split = sms_text::parts(text, reference)?;
        let several = split.parts.len() > 1;
        let (ton, npi) = sender_kind(&self.url.from);
        let build = |part: Vec<u8>| {
            let sm = SubmitSm::builder()
                .source_addr_ton(ton)
                .source_addr_npi(npi)
                .source_addr(c_string(&self.url.from)?)
                .dest_addr_ton(Ton::International)
                .dest_addr_npi(Npi::Isdn)
                .destination_addr(c_string(message.to.as_str().trim_start_matches('+'))?)
                .esm_class(EsmClass::from(if several { ESM_WITH_HEADER } else { ESM_PLAIN }))
                .registered_delivery(RegisteredDelivery::from(WANT_RECEIPT))
                .data_coding(match split.alphabet {
                    Alphabet::Latin => DataCoding::McSpecific,
                    Alphabet::Ucs2 => DataCoding::Ucs2,
                })
                .short_message(OctetString::from_vec(part).ok()?);
            Some(sm.build())
        };
        split.parts.into_iter().map(build).collect()
    }
}

impl Carrier for Sms {
    fn patience(&self) -> Duration {
        PATIENCE
    }

    /// Parts go one after the other, so that they arrive in order; the last one's id stands for the message. When a later part
    /// is put off, all are sent again under the same reference.
    fn deliver<'a>(&'a self, message: &'a OutgoingMessage) -> BoxFuture<'a, Delivery> {
        Box::pin(async move {
            let Some(parts) = self.submissions(message) else {
                return Delivery::Refused { class: "unusable text".into() };
            };
            let mut peer_id = None;
            for part in parts {
                match self.submit(part).await {
                    Ok(id) => peer_id = Some(id),
                    Err(delivery) => return delivery,
                }
            }
            Delivery::Taken { peer_id: peer_id.filter(|id| !id.is_empty()) }
        })
    }

    fn ready(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let mut bound = self.bound.subscribe();
            // The sender lives as long as we do.
            let _ = bound.wait_for(Option::is_some).await;
        })
    }

    fn keep<'a>(&'a self, receipts: &'a Receipts) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let mut wait = FIRST_WAIT;
            while !self.is_closing.load(Ordering::Relaxed) {
                match self.session(receipts).await {
                    Ok(Ended::Used) => {
                        wait = FIRST_WAIT;
                        continue;
                    }
                    Ok(Ended::Useless) => {}
                    Err(class) => {
                        tracing::warn!(centre = ?self.url, %class, wait_ms = wait.as_millis(), "no bind to the SMS centre");
                    }
                }
                let [noise] = random_bytes::<1>();
                sleep(wait / 2 + wait * u32::from(noise) / 510).await;
                wait = (wait * 2).min(LAST_WAIT);
            }
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            self.is_closing.store(true, Ordering::Relaxed);
            let bound = self.bound.borrow().clone();
            if let Some(Bind { client, .. }) = bound {
                let _ = timeout(LEAVE_WITHIN, client.unbind()).await;
                let _ = timeout(LEAVE_WITHIN, client.close()).await;
            }
        })
    }
}

/// Waits until a bind has been given up.
async fn gone(bound: &mut watch::Receiver<Option<Bind>>, number: u64) {
    let _ = bound.wait_for(|bound| bound.as_ref().is_none_or(|bound| bound.number != number)).await;
}

/// The line itself: it ends with the value, whatever still waits on it.
struct Connection(JoinHandle<()>);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Takes a `deliver_sm`: a receipt, or something that a person has sent us, which is acknowledged and not read.
async fn take(client: &Client, sequence: u32, sm: &DeliverSm, receipts: &Receipts) {
    let kept = match receipt(sm) {
        Some(receipt) => receipts.take(receipt).await,
        None => true,
    };
    let status = if kept { CommandStatus::EsmeRok } else { CommandStatus::EsmeRxTAppn };
    let _ = client.status(status).deliver_sm_resp(sequence, DeliverSmResp::default()).await;
}

fn receipt(sm: &DeliverSm) -> Option<Receipt> {
    let (mut id, mut state) = (None, None);
    for tlv in sm.tlvs() {
        match tlv.value() {
            Some(TlvValue::ReceiptedMessageId(value)) => id = Some(value.as_str().to_owned()),
            Some(TlvValue::MessageState(value)) => state = Some(*value),
            _ => {}
        }
    }
    let told = match state {
        Some(MessageState::Delivered) => Some(true),
        Some(
            MessageState::Expired
            | MessageState::Deleted
            | MessageState::Undeliverable
            | MessageState::Rejected,
        ) => Some(false),
        _ => None,
    };
    if let (Some(peer_id), Some(arrived)) = (id.clone(), told) {
        return Some(Receipt { peer_id, arrived });
    }
    if id.is_none() && sm.esm_class.message_type != MessageType::ShortMessageContainsMCDeliveryReceipt {
        return None;
    }
    let read = sms_text::receipt(&String::from_utf8_lossy(sm.short_message().as_ref()))?;
    Some(Receipt { peer_id: id.unwrap_or(read.peer_id), arrived: read.arrived })
}

fn c_string<const MAX: usize>(text: &str) -> Option<COctetString<1, MAX>> {
    COctetString::from_string(text.to_owned()).ok()
}

/// A word, a short number, or a number with its country.
fn sender_kind(from: &str) -> (Ton, Npi) {
    match (from.bytes().all(|b| b.is_ascii_digit()), from.len()) {
        (false, _) => (Ton::Alphanumeric, Npi::Unknown),
        (true, ..=6) => (Ton::NetworkSpecific, Npi::Unknown),
        (true, _) => (Ton::International, Npi::Isdn),
    }
}

/// Only what is wrong with this message is final. What is wrong with us, the line or the centre may be mended in time.
fn judge(error: &Error) -> Delivery {
    let class = class(error);
    match refusal(error) {
        Some(
            CommandStatus::EsmeRinvmsglen
            | CommandStatus::EsmeRinvdstadr
            | CommandStatus::EsmeRinvdstton
            | CommandStatus::EsmeRinvdstnpi
            | CommandStatus::EsmeRxPAppn
            | CommandStatus::EsmeRinvdcs,
        ) => Delivery::Refused { class },
        _ => Delivery::Later { class },
    }
}

/// Statuses by which a centre says that it does not know us (any more), whatever it was asked: a wrong state of the bind, a bind that
/// has failed, a password or a name that counts no longer, a command that only the bound may give.
fn means_unbound(status: CommandStatus) -> bool {
    matches!(
        status,
        CommandStatus::EsmeRinvbndsts
            | CommandStatus::EsmeRbindfail
            | CommandStatus::EsmeRinvpaswd
            | CommandStatus::EsmeRinvsysid
            | CommandStatus::EsmeRinvcmdid
    )
}

fn refused(status: CommandStatus) -> String {
    format!("refused 0x{:08X}", u32::from(status))
}

fn refusal(error: &Error) -> Option<CommandStatus> {
    match error {
        Error::UnexpectedResponse { response } => Some(response.status()),
        _ => None,
    }
}

fn class(error: &Error) -> Cow<'static, str> {
    match (error, refusal(error)) {
        (_, Some(CommandStatus::EsmeRthrottled | CommandStatus::EsmeRmsgqful)) => "throttled".into(),
        (_, Some(status)) => refused(status).into(),
        (Error::ResponseTimeout { .. } | Error::EnquireLinkTimeout { .. }, _) => "no answer".into(),
        (Error::Decode(_) | Error::Encode(_), _) => "no understanding".into(),
        _ => "no connection".into(),
    }
}
