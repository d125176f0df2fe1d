import { describe, expect, it } from '@jest/globals';
import { documentAccounts, personAccounts } from '#domain/fund/chart.policy.js';
import { officialAccount, readChart, shippedChart } from './chart.js';

const csv = `# a remark
internal_key,regime,account_no,name_vi,name_en,valid_from,valid_to
cash,charity-fund,111,Tiền mặt,Cash,2023-01-01,2024-12-31
cash,charity-fund,1111,Tiền mặt,Cash,2025-01-01,
bank.*,charity-fund,112,Tiền gửi,Deposits,2023-01-01,
bank.usd,charity-fund,1122,Ngoại tệ,Foreign currency,2023-01-01,
stock.*,charity-fund,,Hiện vật,In kind,2023-01-01,
`;
const chart = await readChart(csv);
const numberOf = (account: string, date: string, regime = 'charity-fund') =>
  officialAccount(chart, regime, account, date)?.accountNo;

describe('the mapping to official accounts', () => {
  it('goes by the date', () => {
    expect(numberOf('cash', '2024-12-31')).toBe('111');
    expect(numberOf('cash', '2025-01-01')).toBe('1111');
    expect(numberOf('cash', '2022-12-31')).toBeUndefined();
  });

  it('goes by the exact key before its kind', () => {
    expect(numberOf('bank.vcb1', '2025-01-01')).toBe('112');
    expect(numberOf('bank.usd', '2025-01-01')).toBe('1122');
  });

  it('goes by the regime, and leaves open what nobody has chosen', () => {
    expect(numberOf('cash', '2025-01-01', 'public-service-unit')).toBeUndefined();
    expect(numberOf('stock.milk', '2025-01-01')).toBeNull();
  });

  it('refuses a file that it cannot read', async () => {
    await expect(readChart(csv.replace('2023-01-01', '1/1/2023'))).rejects.toThrow('valid_from');
    await expect(readChart(csv.replace('bank.*', 'Bank account'))).rejects.toThrow('internal_key');
  });

  it('comes with one for every account of the books', async () => {
    const shipped = await shippedChart();
    const keys = ['cash', 'bank.vcb1', 'stock.milk', ...personAccounts, ...documentAccounts];
    for (const key of keys)
      for (const date of ['2024-12-31', '2025-01-01'])
        expect(officialAccount(shipped, 'public-service-unit', key, date)).toBeDefined();
    expect(officialAccount(shipped, 'public-service-unit', 'cash', '2024-12-31')?.accountNo).toBe('1111');
  });
});
