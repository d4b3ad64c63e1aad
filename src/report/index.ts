import { renderComment, renderSummary } from './comment.ts';
import { renderHtml } from './html.ts';
import type { ReportInput } from './input.ts';
import { renderJson } from './json.ts';
import { markerFor } from './marker.ts';
import { renderText } from './text.ts';

export type { ReportInput } from './input.ts';
export { markerFor } from './marker.ts';

/** One report in every form that it is read in. */
export interface ReportFiles {
  /** First line of `comment`, by which it is found again. */
  marker: string;
  comment: string;
  summary: string;
  html: string;
  json: string;
  text: string;
}

/** Renders a report; pure, so the same input gives the same bytes. */
export function renderReport(input: ReportInput): ReportFiles {
  return {
    marker: markerFor(input.manifestFile, input.context.commentId),
    comment: renderComment(input),
    summary: renderSummary(input),
    html: renderHtml(input),
    json: renderJson(input),
    text: renderText(input),
  };
}
