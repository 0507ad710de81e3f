/**
 * What the lab's page may do, as a content security policy: code, frames and connections of its own server alone, nothing that makes code of
 * text. It stands in the page, and in the header with which the page is sent.
 */

const RULES = [
  "default-src 'self'",
  "script-src 'self'",
  // Elements set single properties of their own parts, such as the colour of a dot.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "worker-src 'self'",
  // Edited code runs in a frame without an origin, under a policy of its own.
  "frame-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
];

/** The policy, as a document can say it. */
export const PAGE_POLICY = RULES.join('; ');

/** In a header one can say as well who may show the page in a frame. */
export const PAGE_POLICY_HEADER = `${PAGE_POLICY}; frame-ancestors 'self'`;
