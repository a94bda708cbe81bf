//! The validity period of a certificate (RFC 5280 §4.1.2.5), for the log: rustls does not expose it.

use x509_parser::prelude::{ASN1Time, FromDer as _, Validity, X509Certificate};

/// Whether a certificate is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValidityStatus {
    NotYetValid,
    Valid,
    Expired,
}

/// The validity period of a certificate in DER; none when it cannot be parsed.
pub(super) fn of(certificate: &[u8]) -> Option<Validity> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    Some(certificate.validity().clone())
}

pub(super) fn status(validity: &Validity, now: ASN1Time) -> ValidityStatus {
    if now < validity.not_before {
        ValidityStatus::NotYetValid
    } else if now > validity.not_after {
        ValidityStatus::Expired
    } else {
        ValidityStatus::Valid
    }
}

/// A moment in UTC, as RFC 3339 writes it.
pub(super) fn rfc3339(moment: ASN1Time) -> String {
    let moment = moment.to_datetime();
    let (year, month, day) = moment.to_calendar_date();
    let (hour, minute, second) = moment.to_hms();
    format!("{year:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z", u8::from(month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_valid_from_its_first_second_to_its_last() {
        let key = rcgen::KeyPair::generate().expect("a key");
        let mut parameters = rcgen::CertificateParams::new(["a.test".to_owned()]).expect("a name");
        parameters.not_before = rcgen::date_time_ymd(2024, 2, 29);
        // Beyond 2049 a certificate holds a `GeneralizedTime`.
        parameters.not_after = rcgen::date_time_ymd(2050, 1, 1);
        let certificate = parameters.self_signed(&key).expect("a certificate");
        let der = certificate.der();
        let validity = of(der).expect("a validity period");
        assert_eq!(rfc3339(validity.not_before), "2024-02-29T00:00:00Z");
        assert_eq!(rfc3339(validity.not_after), "2050-01-01T00:00:00Z");
        assert_eq!(of(&der[..der.len() - 1]), None);
        let (first, last) = (validity.not_before.timestamp(), validity.not_after.timestamp());
        for (now, expected) in [
            (first - 1, ValidityStatus::NotYetValid),
            (first, ValidityStatus::Valid),
            (last, ValidityStatus::Valid),
            (last + 1, ValidityStatus::Expired),
        ] {
            let now = ASN1Time::from_timestamp(now).expect("a moment");
            assert_eq!(status(&validity, now), expected, "{now}");
        }
    }
}
