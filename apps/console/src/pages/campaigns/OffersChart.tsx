import { Bar, BarChart, CartesianGrid, Legend, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import type { TreatmentCounts } from '../../../../../libs/measurement/report-shape.js';
import { shortCount } from '../../format/number.js';

/** Issued and accepted offers by treatment. Loaded separately, because its library is large. */
export function OffersChart({ treatments }: { readonly treatments: readonly TreatmentCounts[] }) {
  const text = { fill: 'var(--soft)', fontSize: 12 };
  return (
    <ResponsiveContainer width="100%" height={Math.max(150, 52 * treatments.length + 50)}>
      <BarChart
        layout="vertical"
        data={[...treatments]}
        margin={{ top: 0, right: 8, bottom: 0, left: 0 }}
        barGap={2}
        accessibilityLayer={false}
      >
        <CartesianGrid horizontal={false} stroke="var(--line)" />
        <XAxis type="number" tick={text} tickLine={false} axisLine={false} tickFormatter={shortCount} allowDecimals={false} />
        <YAxis type="category" dataKey="title" tick={text} tickLine={false} axisLine={false} width={104} />
        <Legend
          iconType="circle"
          iconSize={8}
          wrapperStyle={{ fontSize: 12 }}
          formatter={(name: string) => <span style={{ color: 'var(--soft)' }}>{name}</span>}
        />
        <Bar dataKey="issued" name="Issued" fill="var(--stone)" barSize={12} radius={[0, 3, 3, 0]} isAnimationActive={false} />
        <Bar dataKey="accepted" name="Accepted" fill="var(--leaf)" barSize={12} radius={[0, 3, 3, 0]} isAnimationActive={false} />
      </BarChart>
    </ResponsiveContainer>
  );
}
