// What the server says of one thing, as it stands on the wire.

export interface Alternative {
  label: string;
  description: string;
  /** 0 to 1. */
  score: number;
}

export interface Identification {
  /** A UUID of version 7, so that ids sort by time. */
  id: string;
  /** RFC 3339, in UTC. */
  identified_at: string;
  /** Null for pasted text, and for whatever else came without one. */
  name: string | null;
  /** Bytes. */
  size: number;
  sha256: string;
  label: string;
  description: string;
  mime_type: string;
  group: string;
  is_text: boolean;
  /** 0 to 1. */
  score: number;
  /** At most four, the best first. */
  alternatives: Alternative[];
}

export interface IdentificationPage {
  identifications: Identification[];
  next_before: string | null;
}

export interface Stats {
  total: number;
  groups: { group: string; count: number }[];
  labels: { label: string; description: string; group: string; count: number }[];
}
