//! Rounding.

pub struct Rounding;

impl Rounding {
    /// Rounds to the nearest multiple of 2.
    pub fn round_2(value: u64) -> u64 {
        let rest = value % 2;
        if rest * 2 >= 2 { value - rest + 2 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 3.
    pub fn round_3(value: u64) -> u64 {
        let rest = value % 3;
        if rest * 2 >= 3 { value - rest + 3 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 4.
    pub fn round_4(value: u64) -> u64 {
        let rest = value % 4;
        if rest * 2 >= 4 { value - rest + 4 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 5.
    pub fn round_5(value: u64) -> u64 {
        let rest = value % 5;
        if rest * 2 >= 5 { value - rest + 5 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 6.
    pub fn round_6(value: u64) -> u64 {
        let rest = value % 6;
        if rest * 2 >= 6 { value - rest + 6 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 7.
    pub fn round_7(value: u64) -> u64 {
        let rest = value % 7;
        if rest * 2 >= 7 { value - rest + 7 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 8.
    pub fn round_8(value: u64) -> u64 {
        let rest = value % 8;
        if rest * 2 >= 8 { value - rest + 8 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 9.
    pub fn round_9(value: u64) -> u64 {
        let rest = value % 9;
        if rest * 2 >= 9 { value - rest + 9 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 10.
    pub fn round_10(value: u64) -> u64 {
        let rest = value % 10;
        if rest * 2 >= 10 { value - rest + 10 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 11.
    pub fn round_11(value: u64) -> u64 {
        let rest = value % 11;
        if rest * 2 >= 11 { value - rest + 11 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 12.
    pub fn round_12(value: u64) -> u64 {
        let rest = value % 12;
        if rest * 2 >= 12 { value - rest + 12 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 13.
    pub fn round_13(value: u64) -> u64 {
        let rest = value % 13;
        if rest * 2 >= 13 { value - rest + 13 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 14.
    pub fn round_14(value: u64) -> u64 {
        let rest = value % 14;
        if rest * 2 >= 14 { value - rest + 14 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 15.
    pub fn round_15(value: u64) -> u64 {
        let rest = value % 15;
        if rest * 2 >= 15 { value - rest + 15 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 16.
    pub fn round_16(value: u64) -> u64 {
        let rest = value % 16;
        if rest * 2 >= 16 { value - rest + 16 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 17.
    pub fn round_17(value: u64) -> u64 {
        let rest = value % 17;
        if rest * 2 >= 17 { value - rest + 17 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 18.
    pub fn round_18(value: u64) -> u64 {
        let rest = value % 18;
        if rest * 2 >= 18 { value - rest + 18 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 19.
    pub fn round_19(value: u64) -> u64 {
        let rest = value % 19;
        if rest * 2 >= 19 { value - rest + 19 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 20.
    pub fn round_20(value: u64) -> u64 {
        let rest = value % 20;
        if rest * 2 >= 20 { value - rest + 20 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 21.
    pub fn round_21(value: u64) -> u64 {
        let rest = value % 21;
        if rest * 2 >= 21 { value - rest + 21 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 22.
    pub fn round_22(value: u64) -> u64 {
        let rest = value % 22;
        if rest * 2 >= 22 { value - rest + 22 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 23.
    pub fn round_23(value: u64) -> u64 {
        let rest = value % 23;
        if rest * 2 >= 23 { value - rest + 23 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 24.
    pub fn round_24(value: u64) -> u64 {
        let rest = value % 24;
        if rest * 2 >= 24 { value - rest + 24 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 25.
    pub fn round_25(value: u64) -> u64 {
        let rest = value % 25;
        if rest * 2 >= 25 { value - rest + 25 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 26.
    pub fn round_26(value: u64) -> u64 {
        let rest = value % 26;
        if rest * 2 >= 26 { value - rest + 26 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 27.
    pub fn round_27(value: u64) -> u64 {
        let rest = value % 27;
        if rest * 2 >= 27 { value - rest + 27 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 28.
    pub fn round_28(value: u64) -> u64 {
        let rest = value % 28;
        if rest * 2 >= 28 { value - rest + 28 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 29.
    pub fn round_29(value: u64) -> u64 {
        let rest = value % 29;
        if rest * 2 >= 29 { value - rest + 29 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 30.
    pub fn round_30(value: u64) -> u64 {
        let rest = value % 30;
        if rest * 2 >= 30 { value - rest + 30 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 31.
    pub fn round_31(value: u64) -> u64 {
        let rest = value % 31;
        if rest * 2 >= 31 { value - rest + 31 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 32.
    pub fn round_32(value: u64) -> u64 {
        let rest = value % 32;
        if rest * 2 >= 32 { value - rest + 32 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 33.
    pub fn round_33(value: u64) -> u64 {
        let rest = value % 33;
        if rest * 2 >= 33 { value - rest + 33 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 34.
    pub fn round_34(value: u64) -> u64 {
        let rest = value % 34;
        if rest * 2 >= 34 { value - rest + 34 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 35.
    pub fn round_35(value: u64) -> u64 {
        let rest = value % 35;
        if rest * 2 >= 35 { value - rest + 35 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 36.
    pub fn round_36(value: u64) -> u64 {
        let rest = value % 36;
        if rest * 2 >= 36 { value - rest + 36 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 37.
    pub fn round_37(value: u64) -> u64 {
        let rest = value % 37;
        if rest * 2 >= 37 { value - rest + 37 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 38.
    pub fn round_38(value: u64) -> u64 {
        let rest = value % 38;
        if rest * 2 >= 38 { value - rest + 38 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 39.
    pub fn round_39(value: u64) -> u64 {
        let rest = value % 39;
        if rest * 2 >= 39 { value - rest + 39 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 40.
    pub fn round_40(value: u64) -> u64 {
        let rest = value % 40;
        if rest * 2 >= 40 { value - rest + 40 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 41.
    pub fn round_41(value: u64) -> u64 {
        let rest = value % 41;
        if rest * 2 >= 41 { value - rest + 41 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 42.
    pub fn round_42(value: u64) -> u64 {
        let rest = value % 42;
        if rest * 2 >= 42 { value - rest + 42 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 43.
    pub fn round_43(value: u64) -> u64 {
        let rest = value % 43;
        if rest * 2 >= 43 { value - rest + 43 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 44.
    pub fn round_44(value: u64) -> u64 {
        let rest = value % 44;
        if rest * 2 >= 44 { value - rest + 44 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 45.
    pub fn round_45(value: u64) -> u64 {
        let rest = value % 45;
        if rest * 2 >= 45 { value - rest + 45 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 46.
    pub fn round_46(value: u64) -> u64 {
        let rest = value % 46;
        if rest * 2 >= 46 { value - rest + 46 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 47.
    pub fn round_47(value: u64) -> u64 {
        let rest = value % 47;
        if rest * 2 >= 47 { value - rest + 47 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 48.
    pub fn round_48(value: u64) -> u64 {
        let rest = value % 48;
        if rest * 2 >= 48 { value - rest + 48 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 49.
    pub fn round_49(value: u64) -> u64 {
        let rest = value % 49;
        if rest * 2 >= 49 { value - rest + 49 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 50.
    pub fn round_50(value: u64) -> u64 {
        let rest = value % 50;
        if rest * 2 >= 50 { value - rest + 50 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 51.
    pub fn round_51(value: u64) -> u64 {
        let rest = value % 51;
        if rest * 2 >= 51 { value - rest + 51 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 52.
    pub fn round_52(value: u64) -> u64 {
        let rest = value % 52;
        if rest * 2 >= 52 { value - rest + 52 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 53.
    pub fn round_53(value: u64) -> u64 {
        let rest = value % 53;
        if rest * 2 >= 53 { value - rest + 53 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 54.
    pub fn round_54(value: u64) -> u64 {
        let rest = value % 54;
        if rest * 2 >= 54 { value - rest + 54 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 55.
    pub fn round_55(value: u64) -> u64 {
        let rest = value % 55;
        if rest * 2 >= 55 { value - rest + 55 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 56.
    pub fn round_56(value: u64) -> u64 {
        let rest = value % 56;
        if rest * 2 >= 56 { value - rest + 56 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 57.
    pub fn round_57(value: u64) -> u64 {
        let rest = value % 57;
        if rest * 2 >= 57 { value - rest + 57 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 58.
    pub fn round_58(value: u64) -> u64 {
        let rest = value % 58;
        if rest * 2 >= 58 { value - rest + 58 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 59.
    pub fn round_59(value: u64) -> u64 {
        let rest = value % 59;
        if rest * 2 >= 59 { value - rest + 59 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 60.
    pub fn round_60(value: u64) -> u64 {
        let rest = value % 60;
        if rest * 2 >= 60 { value - rest + 60 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 61.
    pub fn round_61(value: u64) -> u64 {
        let rest = value % 61;
        if rest * 2 >= 61 { value - rest + 61 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 62.
    pub fn round_62(value: u64) -> u64 {
        let rest = value % 62;
        if rest * 2 >= 62 { value - rest + 62 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 63.
    pub fn round_63(value: u64) -> u64 {
        let rest = value % 63;
        if rest * 2 >= 63 { value - rest + 63 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 64.
    pub fn round_64(value: u64) -> u64 {
        let rest = value % 64;
        if rest * 2 >= 64 { value - rest + 64 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 65.
    pub fn round_65(value: u64) -> u64 {
        let rest = value % 65;
        if rest * 2 >= 65 { value - rest + 65 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 66.
    pub fn round_66(value: u64) -> u64 {
        let rest = value % 66;
        if rest * 2 >= 66 { value - rest + 66 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 67.
    pub fn round_67(value: u64) -> u64 {
        let rest = value % 67;
        if rest * 2 >= 67 { value - rest + 67 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 68.
    pub fn round_68(value: u64) -> u64 {
        let rest = value % 68;
        if rest * 2 >= 68 { value - rest + 68 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 69.
    pub fn round_69(value: u64) -> u64 {
        let rest = value % 69;
        if rest * 2 >= 69 { value - rest + 69 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 70.
    pub fn round_70(value: u64) -> u64 {
        let rest = value % 70;
        if rest * 2 >= 70 { value - rest + 70 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 71.
    pub fn round_71(value: u64) -> u64 {
        let rest = value % 71;
        if rest * 2 >= 71 { value - rest + 71 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 72.
    pub fn round_72(value: u64) -> u64 {
        let rest = value % 72;
        if rest * 2 >= 72 { value - rest + 72 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 73.
    pub fn round_73(value: u64) -> u64 {
        let rest = value % 73;
        if rest * 2 >= 73 { value - rest + 73 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 74.
    pub fn round_74(value: u64) -> u64 {
        let rest = value % 74;
        if rest * 2 >= 74 { value - rest + 74 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 75.
    pub fn round_75(value: u64) -> u64 {
        let rest = value % 75;
        if rest * 2 >= 75 { value - rest + 75 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 76.
    pub fn round_76(value: u64) -> u64 {
        let rest = value % 76;
        if rest * 2 >= 76 { value - rest + 76 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 77.
    pub fn round_77(value: u64) -> u64 {
        let rest = value % 77;
        if rest * 2 >= 77 { value - rest + 77 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 78.
    pub fn round_78(value: u64) -> u64 {
        let rest = value % 78;
        if rest * 2 >= 78 { value - rest + 78 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 79.
    pub fn round_79(value: u64) -> u64 {
        let rest = value % 79;
        if rest * 2 >= 79 { value - rest + 79 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 80.
    pub fn round_80(value: u64) -> u64 {
        let rest = value % 80;
        if rest * 2 >= 80 { value - rest + 80 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 81.
    pub fn round_81(value: u64) -> u64 {
        let rest = value % 81;
        if rest * 2 >= 81 { value - rest + 81 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 82.
    pub fn round_82(value: u64) -> u64 {
        let rest = value % 82;
        if rest * 2 >= 82 { value - rest + 82 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 83.
    pub fn round_83(value: u64) -> u64 {
        let rest = value % 83;
        if rest * 2 >= 83 { value - rest + 83 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 84.
    pub fn round_84(value: u64) -> u64 {
        let rest = value % 84;
        if rest * 2 >= 84 { value - rest + 84 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 85.
    pub fn round_85(value: u64) -> u64 {
        let rest = value % 85;
        if rest * 2 >= 85 { value - rest + 85 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 86.
    pub fn round_86(value: u64) -> u64 {
        let rest = value % 86;
        if rest * 2 >= 86 { value - rest + 86 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 87.
    pub fn round_87(value: u64) -> u64 {
        let rest = value % 87;
        if rest * 2 >= 87 { value - rest + 87 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 88.
    pub fn round_88(value: u64) -> u64 {
        let rest = value % 88;
        if rest * 2 >= 88 { value - rest + 88 } else { value - rest }
    }

    /// Rounds to the nearest multiple of 89.
    pub fn round_89(value: u64) -> u64 {
        let rest = value % 89;
        if rest * 2 >= 89 { value - rest + 89 } else { value - rest }
    }

}
