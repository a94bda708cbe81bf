//! From when to when a certificate holds (RFC 5280 §4.1.2.5), read straight from its DER: rustls does not tell.

use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// From when to when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Validity {
    pub(super) begins: Moment,
    pub(super) ends: Moment,
}

/// A second of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    year: u64,
    /// Month, day, hour, minute, second.
    rest: [u64; 5],
}

/// Whether a certificate holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Not yet.
    Early,
    /// Now.
    Valid,
    /// No longer.
    Expired,
}

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

impl Validity {
    /// None when the certificate is not as the standard says.
    pub(super) fn of(certificate: &[u8]) -> Option<Self> {
        let (tag, certificate, _) = element(certificate)?;
        let (inner_tag, mut fields, _) = element(certificate)?;
        if (tag, inner_tag) != (SEQUENCE, SEQUENCE) {
            return None;
        }
        // The version is left out where it is the first; then come serial number, algorithm and issuer.
        if let (VERSION, _, rest) = element(fields)? {
            fields = rest;
        }
        for _ in 0..3 {
            fields = element(fields)?.2;
        }
        let (_, validity, _) = element(fields)?;
        let (tag, begins, rest) = element(validity)?;
        let begins = Moment::parse(tag, begins)?;
        let (tag, ends, _) = element(rest)?;
        Some(Self { begins, ends: Moment::parse(tag, ends)? })
    }

    pub(super) fn standing(&self, now: SystemTime) -> Standing {
        match now {
            now if now < self.begins.time() => Standing::Early,
            now if now <= self.ends.time() => Standing::Valid,
            _ => Standing::Expired,
        }
    }
}

/// The tag and the content of the first element, and what follows it (X.690 §8.1).
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (length, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

impl Moment {
    /// `YYMMDDHHMMSSZ`, or with four digits of the year; two of them are 1950 to 2049.
    fn parse(tag: u8, text: &[u8]) -> Option<Self> {
        let (year, rest) = match tag {
            UTC_TIME => text.split_at_checked(2)?,
            GENERALIZED_TIME => text.split_at_checked(4)?,
            _ => return None,
        };
        let year = match (tag, number(year)?) {
            (UTC_TIME, year @ 0..50) => 2000 + year,
            (UTC_TIME, year) => 1900 + year,
            (_, year) => year,
        };
        let digits = rest.strip_suffix(b"Z")?;
        if digits.len() != 10 {
            return None;
        }
        let mut rest = [0; 5];
        for (field, digits) in rest.iter_mut().zip(digits.chunks(2)) {
            *field = number(digits)?;
        }
        let [month, day, ..] = rest;
        ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some(Self { year, rest })
    }

    /// What came before 1970 counts as its beginning.
    fn time(self) -> SystemTime {
        let [month, day, hour, minute, second] = self.rest;
        let seconds = days(self.year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
        UNIX_EPOCH + Duration::from_secs(seconds)
    }
}

fn number(digits: &[u8]) -> Option<u64> {
    digits
        .iter()
        .try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u64::from(digit - b'0')))
}

/// Days since 1970 in the Gregorian calendar.
fn days(year: u64, month: u64, day: u64) -> u64 {
    const BEFORE: [u64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    const DAYS_TO_1970: u64 = 719_162;
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let leap_day = u64::from(is_leap && month > 2);
    let past = year.saturating_sub(1);
    let leap_days = past / 4 - past / 100 + past / 400;
    let before = usize::try_from(month - 1).ok().and_then(|month| BEFORE.get(month)).copied().unwrap_or(0);
    (past * 365 + leap_days + before + leap_day + day - 1).saturating_sub(DAYS_TO_1970)
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, rest: [month, day, hour, minute, second] } = self;
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(tag: u8, text: &str) -> Option<Moment> {
        Moment::parse(tag, text.as_bytes())
    }

    #[test]
    fn a_moment_is_the_second_that_it_says() {
        for (tag, text, seconds) in [
            (UTC_TIME, "700101000000Z", 0),
            (UTC_TIME, "000229235959Z", 951_868_799),
            (UTC_TIME, "491231235959Z", 2_524_607_999),
            (UTC_TIME, "500101000000Z", 0),
            (GENERALIZED_TIME, "21000301000000Z", 4_107_542_400),
            (GENERALIZED_TIME, "20240301123456Z", 1_709_296_496),
        ] {
            let moment = moment(tag, text).expect(text);
            assert_eq!(moment.time(), UNIX_EPOCH + Duration::from_secs(seconds), "{text}");
        }
        assert_eq!(moment(UTC_TIME, "240301123456Z").expect("a time").to_string(), "2024-03-01T12:34:56Z");
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for (tag, text) in [
            (UTC_TIME, ""),
            (UTC_TIME, "240301123456"),
            (UTC_TIME, "241301123456Z"),
            (UTC_TIME, "240300123456Z"),
            (UTC_TIME, "24030112345aZ"),
            (GENERALIZED_TIME, "20240301123456.5Z"),
            (SEQUENCE, "240301123456Z"),
        ] {
            assert_eq!(moment(tag, text), None, "{text}");
        }
    }

    #[test]
    fn a_certificate_that_is_cut_anywhere_is_none() {
        let key = rcgen::KeyPair::generate().expect("a key");
        let mut asked = rcgen::CertificateParams::new(["a.test".to_owned()]).expect("a name");
        asked.not_before = rcgen::date_time_ymd(2024, 2, 29);
        asked.not_after = rcgen::date_time_ymd(2050, 1, 1);
        let certificate = asked.self_signed(&key).expect("a certificate");
        let der = certificate.der();
        let validity = Validity::of(der).expect("it is whole");
        assert_eq!(validity.begins.to_string(), "2024-02-29T00:00:00Z");
        assert_eq!(validity.ends.to_string(), "2050-01-01T00:00:00Z");
        for end in 0..der.len() {
            assert_eq!(Validity::of(&der[..end]), None, "{end}");
        }
        let day = Duration::from_hours(24);
        for (now, standing) in [
            (validity.begins.time() - day, Standing::Early),
            (validity.begins.time(), Standing::Valid),
            (validity.ends.time(), Standing::Valid),
            (validity.ends.time() + day, Standing::Expired),
        ] {
            assert_eq!(validity.standing(now), standing);
        }
    }
}
