import { renderHtml } from './html';
import { renderMarkdown } from './markdown';
import type { Report } from './schema';

export const REPORT_FORMATS = ['html', 'md', 'json'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** A report as a file; its object is on one line. */
export function written(report: Report, format: ReportFormat): string {
  switch (format) {
    case 'html':
      return renderHtml(report);
    case 'md':
      return `${renderMarkdown(report)}\n`;
    case 'json':
      return JSON.stringify(report);
  }
}
